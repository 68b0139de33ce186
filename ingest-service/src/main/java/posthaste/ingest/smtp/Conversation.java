package posthaste.ingest.smtp;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import posthaste.ingest.accept.Protocol;
import posthaste.ingest.accept.Refusal;
import posthaste.ingest.accept.StorageRoom;
import posthaste.ingest.policy.RelayPolicy;
import posthaste.ingest.smtp.ListenerSettings.Limits;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.InvalidAddressException;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.status.Reply;

/**
 * One session's side of SMTP as a state machine: lines in, answers out, no input or output of its
 * own (RFC 5321, with PIPELINING, SIZE, 8BITMIME, SMTPUTF8, ENHANCEDSTATUSCODES and DSN).
 */
final class Conversation {
    private static final Answer UNKNOWN = say("500 5.5.1 command not known");
    private static final Answer NOT_OFFERED = say("502 5.5.1 command not offered");
    private static final Answer NO_ARGUMENT = say("501 5.5.4 the command takes no argument");

    /** A browser or a proxy was led here; what follows is not meant for us. */
    private static final Set<String> HTTP =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    private static final String BAD_SENDER = "5.1.7";
    private static final String BAD_RECIPIENT = "5.1.3";
    private static final String POSTMASTER = "postmaster";

    private final ListenerSettings settings;
    private final Limits limits;
    private final RelayPolicy relayPolicy;
    private final StorageRoom room;
    private final String clientAddress;
    private final boolean clientIsTrusted;

    private @Nullable String helo;
    private boolean extended;
    private @Nullable Transaction transaction;
    private int errors;
    private int idleCommands;

    Conversation(
            ListenerSettings settings,
            RelayPolicy relayPolicy,
            StorageRoom room,
            InetAddress client) {
        this.settings = settings;
        this.limits = settings.limits();
        this.relayPolicy = relayPolicy;
        this.room = room;
        this.clientAddress = withoutZone(client.getHostAddress());
        this.clientIsTrusted = relayPolicy.trusts(client);
    }

    /** What we say first. */
    Answer greeting() {
        return say("220 " + settings.hostName() + " ESMTP Posthaste");
    }

    /** Whether a mail has been begun and not ended. */
    boolean inTransaction() {
        return transaction != null;
    }

    /** Who submits the mail. */
    Client client() {
        return new Client(clientAddress, helo == null ? "unknown" : helo, Optional.empty());
    }

    /** How the mail comes in. */
    Protocol protocol(Transaction mail) {
        return mail.parameters().smtpUtf8()
                ? Protocol.UTF8SMTP
                : extended ? Protocol.ESMTP : Protocol.SMTP;
    }

    /** Takes the client's next line. */
    Answer answer(Line line) {
        return counted(
                switch (line) {
                    case Line.Command(String text) -> run(text);
                    case Line.Flaw.TOO_LONG ->
                            say("500 5.5.2 a line is longer than " + Connection.LINE_LIMIT);
                    case Line.Flaw.NOT_UTF8 -> say("501 5.5.2 the line is not UTF-8");
                    case Line.Flaw.ENDLESS -> goodBye("500 5.5.2 the line has no end");
                    case Line.Flaw.BARE_CR_OR_LF ->
                            goodBye("500 5.5.2 a CR or LF alone is no line end");
                    case Line.Flaw.TLS_HANDSHAKE, Line.Flaw.END_OF_INPUT -> new Answer.Leave();
                });
    }

    /** The message was read to its end; whatever became of it, the transaction is over. */
    Answer messageEnded(Reply reply) {
        transaction = null;
        if (reply.code() == 250) {
            errors = 0;
            idleCommands = 0;
        }
        return counted(say(reply.toString()));
    }

    private Answer run(String line) {
        int space = line.indexOf(' ');
        String verb = (space < 0 ? line : line.substring(0, space)).toUpperCase(Locale.ROOT);
        String argument = space < 0 ? "" : line.substring(space + 1).strip();
        try {
            return switch (verb) {
                case "EHLO" -> hello(argument, true);
                case "HELO" -> hello(argument, false);
                case "MAIL" -> mail(argument);
                case "RCPT" -> rcpt(argument);
                case "DATA" ->
                        argument.isEmpty()
                                ? data()
                                : new Answer.RefuseMessage("501 5.5.4 DATA takes no argument");
                case "RSET" -> argument.isEmpty() ? reset() : NO_ARGUMENT;
                case "NOOP" -> idle("250 2.0.0 ok");
                case "VRFY" -> idle("252 2.5.2 not verified; send the mail, and it will be tried");
                case "HELP" -> idle("214 2.0.0 see RFC 5321");
                case "QUIT" -> argument.isEmpty() ? goodBye("221 2.0.0 bye") : NO_ARGUMENT;
                // Its octets follow at once, and none of them may be taken for commands.
                case "BDAT" -> goodBye("502 5.5.1 command not offered");
                case "STARTTLS", "AUTH", "EXPN", "ETRN", "ATRN", "TURN", "SEND", "SOML", "SAML" ->
                        NOT_OFFERED;
                default -> HTTP.contains(verb) ? goodBye("500 5.5.1 this is SMTP") : UNKNOWN;
            };
        } catch (BadCommandException e) {
            return say(e.reply());
        }
    }

    private Answer hello(String name, boolean isEhlo) {
        if (name.isEmpty()) {
            return say("501 5.5.4 say who you are");
        }
        helo = HeloName.harmless(name);
        extended = isEhlo;
        transaction = null;
        return idle(isEhlo ? extensions() : "250 " + settings.hostName());
    }

    private String extensions() {
        return String.join(
                "\r\n",
                "250-" + settings.hostName(),
                "250-PIPELINING",
                "250-SIZE " + limits.messageSize(),
                "250-8BITMIME",
                "250-SMTPUTF8",
                "250-ENHANCEDSTATUSCODES",
                "250 DSN");
    }

    private Answer mail(String argument) throws BadCommandException {
        if (helo == null) {
            return say("503 5.5.1 say EHLO first");
        }
        if (transaction != null) {
            return say("503 5.5.1 a mail has been begun already");
        }
        PathArgument sender = PathArgument.parse(after("FROM:", argument), BAD_SENDER);
        MailParameters parameters = MailParameters.parse(sender.parameters());
        ReversePath reversePath = reversePath(sender.path());
        if (reversePath instanceof ReversePath.From(EmailAddress address)) {
            requireUtf8(address, parameters.smtpUtf8());
        }
        if (parameters.size() > limits.messageSize()) {
            return say("552 5.3.4 a message may have " + limits.messageSize() + " octets");
        }
        if (!room.isLeft()) {
            return say(Refusal.noSpace().reply().toString());
        }
        transaction = new Transaction(reversePath, parameters);
        return say("250 2.1.0 sender ok");
    }

    private Answer rcpt(String argument) throws BadCommandException {
        Transaction mail = transaction;
        if (mail == null) {
            return say("503 5.5.1 say MAIL first");
        }
        PathArgument forwardPath = PathArgument.parse(after("TO:", argument), BAD_RECIPIENT);
        boolean smtpUtf8 = mail.parameters().smtpUtf8();
        RecipientParameters parameters =
                RecipientParameters.parse(forwardPath.parameters(), smtpUtf8);
        EmailAddress address = recipient(forwardPath.path());
        requireUtf8(address, smtpUtf8);
        Optional<Reply> refusal = relayPolicy.refusal(clientIsTrusted);
        if (refusal.isPresent()) {
            return say(refusal.get().toString());
        }
        if (mail.recipientCount() >= limits.recipients() && !mail.has(address)) {
            return say("452 4.5.3 a mail may have " + limits.recipients() + " recipients");
        }
        mail.add(new Recipient(address, parameters.notification(), parameters.orcpt()));
        return say("250 2.1.5 recipient ok");
    }

    private Answer data() {
        Transaction mail = transaction;
        if (mail == null) {
            return new Answer.RefuseMessage("503 5.5.1 say MAIL first");
        }
        if (mail.recipientCount() == 0) {
            return new Answer.RefuseMessage("554 5.5.1 no valid recipients");
        }
        return new Answer.ReceiveMessage(mail);
    }

    private Answer reset() {
        transaction = null;
        return idle("250 2.0.0 ok");
    }

    private Answer idle(String reply) {
        idleCommands++;
        return say(reply);
    }

    private Answer counted(Answer answer) {
        boolean isError =
                switch (answer) {
                    case Answer.Say(String reply) -> reply.startsWith("5");
                    case Answer.RefuseMessage _ -> true;
                    case Answer.SayGoodBye _, Answer.Leave _, Answer.ReceiveMessage _ -> false;
                };
        if (isError && ++errors >= limits.errors()) {
            return goodBye("421 4.7.0 too many errors");
        }
        return idleCommands > limits.idleCommands()
                ? goodBye("421 4.7.0 too many commands without a mail")
                : answer;
    }

    private ReversePath reversePath(String path) throws BadCommandException {
        try {
            return ReversePath.parse(path);
        } catch (InvalidAddressException e) {
            throw new BadCommandException("501 " + BAD_SENDER + " " + e.getMessage());
        }
    }

    private EmailAddress recipient(String path) throws BadCommandException {
        try {
            // RFC 5321 section 4.1.1.3: the one address that needs no domain.
            return EmailAddress.parse(
                    path.equalsIgnoreCase(POSTMASTER) ? path + '@' + settings.hostName() : path);
        } catch (InvalidAddressException e) {
            throw new BadCommandException("501 " + BAD_RECIPIENT + " " + e.getMessage());
        }
    }

    /** {@code fe80::1%eth0} names an interface of ours, which is nobody's business. */
    private static String withoutZone(String address) {
        int zone = address.indexOf('%');
        return zone < 0 ? address : address.substring(0, zone);
    }

    private static void requireUtf8(EmailAddress address, boolean smtpUtf8)
            throws BadCommandException {
        if (address.needsSmtpUtf8() && !smtpUtf8) {
            throw new BadCommandException("553 5.6.7 the address needs SMTPUTF8");
        }
    }

    private static String after(String prefix, String argument) throws BadCommandException {
        if (!argument.regionMatches(true, 0, prefix, 0, prefix.length())) {
            throw BadCommandException.badArgument(prefix + "<address> must follow");
        }
        return argument.substring(prefix.length());
    }

    private static Answer say(String reply) {
        return new Answer.Say(reply);
    }

    private static Answer goodBye(String reply) {
        return new Answer.SayGoodBye(reply);
    }
}
