package posthaste.ingest.smtp;

import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import posthaste.ingest.accept.Protocol;
import posthaste.ingest.auth.AuthReply;
import posthaste.ingest.policy.Haste;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.ingest.smtp.ListenerSettings.Limits;
import posthaste.ingest.smtp.ListenerSettings.TlsMode;
import posthaste.ingest.submitter.Login;
import posthaste.ingest.submitter.Submitter;
import posthaste.ingest.submitter.TlsFacts;
import posthaste.mail.status.Reply;

/**
 * One session's side of SMTP as a state machine: lines in, answers out, no input or output of its
 * own (RFC 5321, with PIPELINING, SIZE, 8BITMIME, SMTPUTF8, CHUNKING, ENHANCEDSTATUSCODES and DSN).
 */
final class Conversation {
    private static final Answer UNKNOWN = say("500 5.5.1 command not known");
    private static final Answer NOT_OFFERED = say("502 5.5.1 command not offered");
    private static final Answer NO_ARGUMENT = say("501 5.5.4 the command takes no argument");

    /** RFC 3207 section 4. */
    private static final Set<String> BEFORE_TLS = Set.of("NOOP", "EHLO", "STARTTLS", "QUIT");

    private final ListenerSettings settings;
    private final Limits limits;
    private final SubmissionPolicy policy;
    private final HandlingOffer offer;
    private final InstantSource clock;
    private final MailCommands commands;
    private final Logins logins;

    /** Whose connection it is; who speaks may be told by XCLIENT. */
    private InetAddress connected;

    private Optional<String> announcedHelo = Optional.empty();

    /** Read by the watchdog, too. */
    private volatile Submitter submitter;

    private boolean greeted;
    private boolean extended;
    private int errors;
    private int idleCommands;

    Conversation(
            ListenerSettings settings,
            SubmissionPolicy policy,
            Surroundings surroundings,
            InetAddress client) {
        this.settings = settings;
        this.limits = settings.limits();
        this.policy = policy.session();
        this.offer = surroundings.offer();
        this.clock = surroundings.clock();
        this.commands = new MailCommands(settings, this.policy, surroundings.room(), this::offered);
        this.logins = new Logins(settings.auth(), surroundings.authentication());
        this.connected = client;
        this.submitter = Submitter.connected(settings.name(), client);
    }

    /** What we say first. */
    Answer greeting() {
        return policy.client(submitter)
                .map(refusal -> goodBye(refusal.toString()))
                .orElseGet(() -> say("220 " + settings.hostName() + " ESMTP Posthaste"));
    }

    /** After the TLS handshake all is as it was at the beginning (RFC 3207 section 4.2). */
    void secured(TlsFacts facts) {
        announcedHelo = Optional.empty();
        submitter = Submitter.connected(settings.name(), connected).over(facts);
        startOver();
    }

    /** A proxy has announced whose connection it is. */
    void connectedFrom(InetAddress client) {
        connected = client;
        submitter = Submitter.connected(settings.name(), client);
    }

    /** A mail proxy speaks for another; what was said before is forgotten. */
    Answer speakingFor(Xclient client) {
        Submitter other =
                Submitter.connected(settings.name(), client.address().orElse(submitter.address()));
        announcedHelo = client.helo().or(() -> announcedHelo);
        // A login is of one client: who is not said to have logged in has not.
        Optional<Login> login =
                client.login().map(name -> new Login(name, List.of("*"), Optional.empty()));
        Submitter overTls = submitter.tls().map(other::over).orElse(other);
        submitter = login.map(overTls::as).orElse(overTls);
        startOver();
        return greeting();
    }

    private void startOver() {
        greeted = false;
        extended = false;
        commands.forget();
        logins.forget();
    }

    private boolean mayXclient() {
        return settings.xclients().stream().anyMatch(network -> network.contains(connected));
    }

    /** How much less patience the client gets just now. */
    Optional<Haste> haste() {
        return policy.haste(submitter);
    }

    /** The session is over. */
    void ended() {
        policy.ended();
    }

    /** Whether a mail has been begun and not ended. */
    boolean inTransaction() {
        return commands.inTransaction();
    }

    /** Octets of the next line, with its CRLF. */
    int lineLimit() {
        return logins.lineLimit(submitter);
    }

    /** Who submits the mail. */
    Submitter submitter() {
        return submitter;
    }

    /** How the mail comes in. */
    Protocol protocol(Transaction mail) {
        return mail.parameters().smtpUtf8()
                ? Protocol.UTF8SMTP
                : extended ? Protocol.ESMTP : Protocol.SMTP;
    }

    /** Takes the client's next line. */
    Answer answer(Line line) {
        if (logins.isUnderWay()) {
            Optional<AuthReply> reply = logins.line(line);
            if (reply.isPresent()) {
                return counted(login(reply.get()));
            }
        }
        return counted(
                switch (line) {
                    case Line.Command(String text) -> run(text);
                    case Line.Flaw.TOO_LONG ->
                            say("500 5.5.2 a line is longer than " + lineLimit());
                    case Line.Flaw.NOT_UTF8 -> say("501 5.5.2 the line is not UTF-8");
                    case Line.Flaw.UNREADABLE_BDAT ->
                            goodBye("501 5.5.2 the line does not tell how many octets follow");
                    case Line.Flaw.ENDLESS -> goodBye("500 5.5.2 the line has no end");
                    case Line.Flaw.BARE_CR_OR_LF ->
                            goodBye("500 5.5.2 a CR or LF alone is no line end");
                    case Line.Flaw.TLS_HANDSHAKE, Line.Flaw.END_OF_INPUT -> new Answer.Leave();
                });
    }

    /** The message was read to its end; whatever became of it, the transaction is over. */
    Answer messageEnded(Reply reply) {
        commands.forget();
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
        if (settings.tls().mode() == TlsMode.REQUIRED
                && submitter.tls().isEmpty()
                && !BEFORE_TLS.contains(verb)) {
            return mustStartTls(verb);
        }
        if (Logins.isTooLong(verb, line)) {
            String reply = "500 5.5.2 a line is longer than " + Connection.LINE_LIMIT;
            return verb.startsWith(Bdat.VERB) ? goodBye(reply) : say(reply);
        }
        try {
            return switch (verb) {
                case "EHLO" -> hello(argument, true);
                case "HELO" -> hello(argument, false);
                case "MAIL" -> mail(argument);
                case "AUTH" -> auth(argument);
                case "RCPT" -> commands.rcpt(argument, submitter);
                case "DATA" ->
                        argument.isEmpty()
                                ? commands.data()
                                : new Answer.RefuseMessage("501 5.5.4 DATA takes no argument");
                case "RSET" -> argument.isEmpty() ? reset() : NO_ARGUMENT;
                case "NOOP" -> idle("250 2.0.0 ok");
                case "VRFY" -> idle("252 2.5.2 not verified; send the mail, and it will be tried");
                case "HELP" -> idle("214 2.0.0 see RFC 5321");
                case "QUIT" -> argument.isEmpty() ? goodBye("221 2.0.0 bye") : NO_ARGUMENT;
                case Bdat.VERB -> commands.bdat(argument);
                case "STARTTLS" -> startTls(argument);
                case "XCLIENT" -> xclient(argument);
                case "EXPN", "ETRN", "ATRN", "TURN", "SEND", "SOML", "SAML" -> NOT_OFFERED;
                default -> isForeign(verb) ? goodBye("500 5.5.1 this is SMTP") : UNKNOWN;
            };
        } catch (BadCommandException e) {
            return say(e.reply());
        }
    }

    private Answer mail(String argument) throws BadCommandException {
        if (!greeted) {
            return say("503 5.5.1 say EHLO first");
        }
        return logins.isMissing(submitter)
                ? say("530 5.7.0 log in first")
                : commands.mail(argument, submitter);
    }

    private Answer auth(String argument) {
        return extended
                ? logins.command(argument, submitter, inTransaction())
                        .map(this::login)
                        .orElse(NOT_OFFERED)
                : say("503 5.5.1 say EHLO first");
    }

    private Answer login(AuthReply reply) {
        return switch (reply) {
            case AuthReply.Say(String text) -> say(text);
            case AuthReply.GoodBye(String text) -> goodBye(text);
            case AuthReply.LoggedIn(String text, Login login) -> {
                submitter = submitter.as(login);
                yield say(text);
            }
        };
    }

    private Answer hello(String name, boolean isEhlo) {
        if (name.isEmpty()) {
            return say("501 5.5.4 say who you are");
        }
        submitter = submitter.calling(announcedHelo.orElse(HeloName.harmless(name)));
        greeted = true;
        extended = isEhlo;
        commands.forget();
        return idle(isEhlo ? extensions() : "250 " + settings.hostName());
    }

    /** What beyond the ordinary the client may ask for now. */
    private HandlingOffer.ToClient offered(Submitter to) {
        return offer.to(settings.profile(), to.tls().isPresent(), clock.instant());
    }

    private String extensions() {
        List<String> further = new ArrayList<>(offered(submitter).keywords());
        if (mayXclient()) {
            further.add(Xclient.KEYWORD);
        }
        logins.extension(submitter).ifPresent(further::add);
        return new Extensions(settings).reply(submitter, further);
    }

    private Answer xclient(String argument) throws BadCommandException {
        if (!mayXclient()) {
            return settings.xclients().isEmpty()
                    ? UNKNOWN
                    : say("550 5.7.1 you may not speak for others");
        }
        if (commands.inTransaction()) {
            return say("503 5.5.1 a mail has been begun already");
        }
        idleCommands++;
        return new Answer.SpeakFor(Xclient.parse(argument));
    }

    private Answer startTls(String argument) {
        if (settings.tls().mode() == TlsMode.NONE) {
            return NOT_OFFERED;
        }
        if (submitter.tls().isPresent()) {
            return say("503 5.5.1 this is TLS already");
        }
        return argument.isEmpty() ? new Answer.StartTls() : NO_ARGUMENT;
    }

    /** What may follow at once is a message, and no commands. */
    private static Answer mustStartTls(String verb) {
        String reply = "530 5.7.0 say STARTTLS first";
        return switch (verb) {
            case "DATA" -> new Answer.RefuseMessage(reply);
            case Bdat.VERB -> goodBye(reply);
            default -> isForeign(verb) ? goodBye("500 5.5.1 this is SMTP") : say(reply);
        };
    }

    /** Also what is nearly BDAT: what follows may be a chunk, none of which may be a command. */
    private static boolean isForeign(String verb) {
        return ForeignSpeech.isSpokenBy(verb) || verb.startsWith(Bdat.VERB);
    }

    private Answer reset() {
        commands.forget();
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
                    case Answer.RefuseMessage _, Answer.SkipChunk _ -> true;
                    case Answer.SayGoodBye _,
                            Answer.Leave _,
                            Answer.StartTls _,
                            Answer.SpeakFor _,
                            Answer.ReceiveMessage _,
                            Answer.ReceiveChunk _ ->
                            false;
                };
        Optional<Haste> haste = haste();
        int mostErrors =
                Math.min(limits.errors(), haste.map(Haste::errors).orElse(Integer.MAX_VALUE));
        int mostIdle =
                Math.min(
                        limits.idleCommands(),
                        haste.map(Haste::idleCommands).orElse(Integer.MAX_VALUE));
        if (isError && ++errors >= mostErrors) {
            return goodBye("421 4.7.0 too many errors");
        }
        return idleCommands > mostIdle
                ? goodBye("421 4.7.0 too many commands without a mail")
                : answer;
    }

    private static Answer say(String reply) {
        return new Answer.Say(reply);
    }

    private static Answer goodBye(String reply) {
        return new Answer.SayGoodBye(reply);
    }
}
