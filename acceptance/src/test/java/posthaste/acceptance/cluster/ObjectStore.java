package posthaste.acceptance.cluster;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import posthaste.testing.s3.S3Server;
import posthaste.testing.s3.S3ServerControl;
import posthaste.testing.s3.S3ServerProcess;

/** An S3 server, whose faults can be switched while it runs. */
public final class ObjectStore extends Part {
    static final int PORT = 19_000;
    static final String BUCKET = "mail";
    private static final int HTTP_OK = 200;

    ObjectStore(Home home, Path folder, Path log) {
        super("store", home, folder, log);
    }

    public URI endpoint() {
        return URI.create("http://" + home().at(PORT));
    }

    /** To refuse, to be slow, to lose answers: until it is cleared or the server killed. */
    public S3ServerControl control() {
        return new S3ServerControl(endpoint());
    }

    /** What the services need to know of it. */
    Map<String, String> properties() {
        Map<String, String> p = new LinkedHashMap<>();
        p.put("posthaste.body.store", "s3");
        p.put("posthaste.s3.endpoint", endpoint().toString());
        p.put("posthaste.s3.bucket", BUCKET);
        p.put("posthaste.s3.access-key", S3Server.ACCESS_KEY);
        p.put("posthaste.s3.secret-key", S3Server.SECRET_KEY);
        return p;
    }

    @Override
    List<String> command() {
        List<String> command = Quick.java("192m");
        command.addAll(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        S3ServerProcess.class.getName(),
                        "--address",
                        home().address(),
                        "--port",
                        String.valueOf(PORT),
                        "--folder",
                        folder().toString(),
                        "--bucket",
                        BUCKET));
        return command;
    }

    @Override
    void prepare() {}

    /** Also while its faults strike: they are none of its control page's. */
    @Override
    boolean answers() throws InterruptedException {
        return home().status(home().address(), PORT, "/-/requests") == HTTP_OK;
    }
}
