package posthaste.ingest.content;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Executors;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.Recipient;

/** One rspamd, asked over HTTP: {@code POST /checkv2}, the envelope in header fields. */
public final class RspamdScanner implements Scanner {
    /** Far more than a hundred symbols take. */
    private static final long ANSWER_LIMIT = 1024 * 1024;

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final URI url;
    private final URI check;
    private final String password;
    private final RspamdVerdicts verdicts;
    private final HttpClient http;

    /**
     * Asks nothing yet.
     *
     * @param url of its normal worker, as {@code http://127.0.0.1:11333}
     * @param password empty when it wants none
     */
    public RspamdScanner(URI url, String password, RspamdVerdicts verdicts) {
        this.url = url;
        String base = url.toString();
        this.check = URI.create((base.endsWith("/") ? base : base + '/') + "checkv2");
        this.password = password;
        this.verdicts = verdicts;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        .build();
    }

    @Override
    public String place() {
        return url.getScheme() + "://" + url.getRawAuthority();
    }

    @Override
    public Verdict ask(ScannedMail mail) throws IOException, InterruptedException {
        HttpResponse<byte[]> response =
                http.send(
                        request(mail),
                        BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_LIMIT));
        if (response.statusCode() != 200) {
            throw new IOException("rspamd answered with status " + response.statusCode());
        }
        return verdicts.read(response.body());
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private HttpRequest request(ScannedMail mail) {
        Envelope envelope = mail.envelope();
        Client client = envelope.client();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(check)
                        .header("Queue-Id", envelope.id().value())
                        .header("IP", client.address())
                        .header("Helo", ascii(client.helo()))
                        .header("Hostname", "unknown")
                        .header(
                                "From",
                                switch (envelope.reversePath()) {
                                    case ReversePath.From(EmailAddress address) -> ascii(address);
                                    case ReversePath.Null() -> "<>";
                                });
        for (Recipient recipient : envelope.recipients()) {
            request.header("Rcpt", ascii(recipient.address()));
        }
        client.login().ifPresent(login -> request.header("User", ascii(login)));
        if (!password.isEmpty()) {
            request.header("Password", password);
        }
        return request.POST(
                        HttpRequest.BodyPublishers.fromPublisher(
                                HttpRequest.BodyPublishers.ofInputStream(mail.message()::open),
                                mail.message().length()))
                .build();
    }

    private static String ascii(EmailAddress address) {
        return ascii(
                address.hasAddressLiteral()
                        ? address.toString()
                        : address.localPart() + '@' + address.asciiDomain());
    }

    /** An HTTP header field holds no more. */
    private static String ascii(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> out.append(c >= ' ' && c < 0x7f ? (char) c : '?'));
        return out.toString();
    }
}
