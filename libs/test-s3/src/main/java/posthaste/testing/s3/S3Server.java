package posthaste.testing.s3;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;

/**
 * A real S3 server over a folder, in this process: path style, signatures (version 4) checked,
 * multipart uploads, data kept over a restart. Faults can be switched on while it runs.
 */
public final class S3Server implements AutoCloseable {
    /** Whom the server knows. */
    public static final String ACCESS_KEY = "posthaste";

    /** The secret of {@link #ACCESS_KEY}. */
    public static final String SECRET_KEY = "posthaste-secret";

    /** Requests are never so slow that stopping has to wait for them. */
    private static final long STOP_MILLIS = 1000;

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final BlobStore blobs;
    private final S3Proxy proxy;
    private final S3Front front;
    private final String address;
    private final S3Faults faults;
    private final S3Requests requests = new S3Requests();

    /**
     * Starts to serve.
     *
     * @param folder holds a folder for each bucket; made if it is not there
     * @param port of 127.0.0.1; 0: any
     * @param seed for faults that strike a share of the requests
     */
    public S3Server(Path folder, int port, long seed) throws IOException {
        this(folder, new InetSocketAddress(LOOPBACK, port), seed);
    }

    /** The same, listening anywhere. */
    S3Server(Path folder, InetSocketAddress listening, long seed) throws IOException {
        Files.createDirectories(folder);
        Properties properties = new Properties();
        properties.setProperty("jclouds.filesystem.basedir", folder.toAbsolutePath().toString());
        properties.setProperty("jclouds.identity", "");
        properties.setProperty("jclouds.credential", "");
        blobs = BlobStores.create("filesystem", properties);
        proxy =
                S3Proxy.builder()
                        .blobStore(blobs)
                        .endpoint(URI.create("http://127.0.0.1:0"))
                        .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                        .stopTimeout(STOP_MILLIS)
                        .build();
        try {
            proxy.start();
        } catch (Exception e) {
            blobs.close();
            throw new IOException("the S3 server does not start", e);
        }
        faults = new S3Faults(seed);
        address = listening.getAddress().getHostAddress();
        front =
                new S3Front(
                        new ServerSocket(listening.getPort(), 200, listening.getAddress()),
                        new InetSocketAddress(LOOPBACK, proxy.getPort()),
                        faults,
                        requests);
    }

    /** Starts to serve on any free port. */
    public static S3Server in(Path folder) throws IOException {
        return new S3Server(folder, 0, 1);
    }

    /** Where clients find it: path style. */
    public URI endpoint() {
        return URI.create("http://" + address + ":" + front.port());
    }

    /** Makes a bucket unless it is there. */
    public void createBucket(String name) {
        if (!blobs.containerExists(name)) {
            blobs.createContainer(name);
        }
    }

    /** What goes wrong from now on. */
    public S3Faults faults() {
        return faults;
    }

    /** What it was asked. */
    public S3Requests requests() {
        return requests;
    }

    /** Stops; what was stored stays in the folder. */
    @Override
    public void close() throws IOException {
        front.close();
        try {
            proxy.stop();
        } catch (Exception e) {
            throw new IOException("the S3 server does not stop", e);
        } finally {
            blobs.close();
        }
    }
}
