package posthaste.acceptance.chaos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import posthaste.acceptance.chaos.Moments.Moment;
import posthaste.testing.WireInput;

/** One connection of the {@link RecordingSink}. */
final class SinkSession {
    private static final long LATE_MILLIS = 1500;

    /** Far longer than anything else here, and short enough for a run to wait it out. */
    private static final long MUTE_SECONDS = 10;

    private final RecordingSink sink;
    private final Socket socket;
    private final WireInput in;
    private final OutputStream out;
    private final List<String> recipients = new ArrayList<>();
    private String reversePath = "";
    private long begun;
    private volatile int openRecipients;

    SinkSession(RecordingSink sink, Socket socket) throws IOException {
        this.sink = sink;
        this.socket = socket;
        socket.setTcpNoDelay(true);
        this.in = new WireInput(socket.getInputStream());
        this.out = new BufferedOutputStream(socket.getOutputStream());
    }

    /** Recipients whose fate hangs on this session now; 0 between transactions. */
    int openRecipients() {
        return openRecipients;
    }

    void run() throws IOException {
        reply("220 sink.test ESMTP");
        while (true) {
            if (!in.hasBuffered()) {
                out.flush();
            }
            String line = in.readLine();
            if (line == null || !obey(line)) {
                out.flush();
                return;
            }
        }
    }

    void close() throws IOException {
        socket.close();
    }

    private boolean obey(String line) throws IOException {
        String verb = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
        switch (verb) {
            case "EHLO" ->
                    reply(
                            "250-sink.test",
                            "250-PIPELINING",
                            "250-SIZE 209715200",
                            "250-8BITMIME",
                            "250-ENHANCEDSTATUSCODES",
                            "250 DSN");
            case "MAIL" -> mail(line);
            case "RCPT" -> rcpt(address(line));
            case "DATA" -> {
                return data();
            }
            case "RSET" -> {
                forget();
                reply("250 2.0.0 ok");
            }
            case "NOOP" -> reply("250 2.0.0 ok");
            case "QUIT" -> {
                reply("221 2.0.0 bye");
                return false;
            }
            default -> reply("502 5.5.1 not understood");
        }
        return true;
    }

    private void mail(String line) throws IOException {
        forget();
        reversePath = address(line);
        begun = sink.clock().now();
        openRecipients = 1;
        sink.moments().pass(Moment.SINK_MAIL);
        reply("250 2.1.0 ok");
    }

    private void rcpt(String recipient) throws IOException {
        switch (Behaviour.of(recipient)) {
            case GREY -> {
                if (sink.isFirst("rcpt", recipient)) {
                    refuse(recipient, 451, "451 4.7.1 come back later");
                    sink.moments().pass(Moment.SINK_451);
                } else {
                    take(recipient);
                }
            }
            case NO -> {
                refuse(recipient, 550, "550 5.1.1 no such user here");
                sink.moments().pass(Moment.SINK_550);
            }
            case TARPIT -> {
                pause(LATE_MILLIS);
                take(recipient);
            }
            case OK, SLOW, MUTE, CUT -> take(recipient);
        }
    }

    private void take(String recipient) throws IOException {
        recipients.add(recipient);
        openRecipients = recipients.size();
        reply("250 2.1.5 ok");
    }

    private void refuse(String recipient, int code, String line) throws IOException {
        sink.record().note(new SinkRecord.Refusal(sink.clock().now(), recipient, code));
        reply(line);
    }

    private boolean data() throws IOException {
        if (recipients.isEmpty()) {
            reply("554 5.5.1 no valid recipients");
            return true;
        }
        reply("354 go on");
        out.flush();
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        if (!in.copyMessage(message)) {
            return false;
        }
        sink.moments().pass(Moment.SINK_DOT);
        if (firstOf(Behaviour.CUT)) {
            arrived(message.toByteArray(), false);
            return false;
        }
        if (firstOf(Behaviour.MUTE)) {
            arrived(message.toByteArray(), false);
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(MUTE_SECONDS));
            in.read();
            return false;
        }
        if (has(one -> Behaviour.of(one) == Behaviour.SLOW)) {
            pause(LATE_MILLIS);
        }
        // Before it is written: what the other side knows, is on the record.
        arrived(message.toByteArray(), true);
        reply("250 2.0.0 taken");
        out.flush();
        forget();
        sink.moments().pass(Moment.SINK_250);
        return true;
    }

    private boolean firstOf(Behaviour behaviour) {
        return has(one -> Behaviour.of(one) == behaviour && sink.isFirst("dot", one));
    }

    private boolean has(Predicate<String> recipient) {
        return recipients.stream().filter(recipient).count() > 0;
    }

    private void arrived(byte[] message, boolean taken) {
        PlannedMail.Found found = PlannedMail.Found.in(message);
        long at = sink.clock().now();
        if (!reversePath.isEmpty() || !isReport(message)) {
            sink.record()
                    .note(
                            new SinkRecord.Arrival(
                                    begun, at, found.number(), found.digest(), recipients, taken));
        } else if (taken) {
            noteReport(message, at);
            sink.moments().pass(Moment.SINK_DSN);
        }
    }

    private static boolean isReport(byte[] message) {
        return new String(message, ISO_8859_1).contains("report-type=delivery-status");
    }

    private void noteReport(byte[] message, long at) {
        String id = "";
        String recipient = "";
        for (String line : new String(message, US_ASCII).lines().toList()) {
            int colon = line.indexOf(':');
            String value = line.substring(colon + 1).strip();
            switch (colon < 0 ? "" : line.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "message-id" -> id = id.isEmpty() ? value : id;
                case "final-recipient" ->
                        recipient = value.substring(value.indexOf(';') + 1).strip();
                case "action" ->
                        sink.record().note(new SinkRecord.Report(at, id, recipient, value));
                default -> {}
            }
        }
    }

    private void forget() {
        reversePath = "";
        recipients.clear();
        openRecipients = 0;
    }

    private void reply(String... lines) throws IOException {
        for (String line : lines) {
            out.write((line + "\r\n").getBytes(US_ASCII));
        }
    }

    private void pause(long millis) throws IOException {
        out.flush();
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static String address(String line) {
        int open = line.indexOf('<');
        int close = line.indexOf('>', open);
        return open < 0 || close < 0 ? "" : line.substring(open + 1, close);
    }
}
