package posthaste.ingest.smtp;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import posthaste.ingest.accept.Refusal;
import posthaste.ingest.accept.StorageRoom;
import posthaste.ingest.policy.Submission;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.ingest.smtp.ListenerSettings.Limits;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.InvalidAddressException;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.status.Reply;

/** MAIL, RCPT, DATA and BDAT: the transaction of a session (RFC 5321 section 3.3). */
final class MailCommands {
    private static final String BAD_SENDER = "5.1.7";
    private static final String BAD_RECIPIENT = "5.1.3";
    private static final String POSTMASTER = "postmaster";

    private final ListenerSettings settings;
    private final Limits limits;
    private final SubmissionPolicy policy;
    private final StorageRoom room;
    private final Function<Submitter, HandlingOffer.ToClient> offers;

    private @Nullable Transaction transaction;
    private int begun;

    MailCommands(
            ListenerSettings settings,
            SubmissionPolicy policy,
            StorageRoom room,
            Function<Submitter, HandlingOffer.ToClient> offers) {
        this.offers = offers;
        this.settings = settings;
        this.limits = settings.limits();
        this.policy = policy;
        this.room = room;
    }

    /** Whether a mail has been begun and not ended. */
    boolean inTransaction() {
        return transaction != null;
    }

    /** Forgets the mail that was begun. */
    void forget() {
        transaction = null;
    }

    Answer mail(String argument, Submitter submitter) throws BadCommandException {
        if (transaction != null) {
            return say("503 5.5.1 a mail has been begun already");
        }
        PathArgument sender = PathArgument.parse(after("FROM:", argument), BAD_SENDER);
        MailParameters parameters =
                MailParameters.parse(sender.parameters(), offers.apply(submitter));
        ReversePath reversePath = reversePath(sender.path());
        if (reversePath instanceof ReversePath.From(EmailAddress address)) {
            requireUtf8(address, parameters.smtpUtf8());
        }
        if (parameters.size() > limits.messageSize()) {
            return say("552 5.3.4 a message may have " + limits.messageSize() + " octets");
        }
        if (limits.mails() > 0 && begun >= limits.mails()) {
            return new Answer.SayGoodBye(
                    "421 4.7.0 a session may have "
                            + limits.mails()
                            + " mails, connect again for more");
        }
        if (!room.isLeft()) {
            return say(Refusal.noSpace().reply().toString());
        }
        Transaction mail = new Transaction(reversePath, parameters);
        Optional<Reply> refusal = policy.sender(submission(submitter, mail));
        if (refusal.isPresent()) {
            return refuse(refusal.get());
        }
        transaction = mail;
        begun++;
        return say("250 2.1.0 sender ok");
    }

    Answer rcpt(String argument, Submitter submitter) throws BadCommandException {
        Transaction mail = transaction;
        if (mail == null) {
            return say("503 5.5.1 say MAIL first");
        }
        if (mail.chunksBegun()) {
            return say("503 5.5.1 the message has begun already");
        }
        mail.recipientAsked();
        PathArgument forwardPath = PathArgument.parse(after("TO:", argument), BAD_RECIPIENT);
        boolean smtpUtf8 = mail.parameters().smtpUtf8();
        RecipientParameters parameters =
                RecipientParameters.parse(forwardPath.parameters(), smtpUtf8);
        EmailAddress address = recipient(forwardPath.path());
        requireUtf8(address, smtpUtf8);
        Optional<Reply> refusal = policy.recipient(submission(submitter, mail), address);
        if (refusal.isPresent()) {
            return refuse(refusal.get());
        }
        if (mail.recipientCount() >= limits.recipients() && !mail.has(address)) {
            return say("452 4.5.3 a mail may have " + limits.recipients() + " recipients");
        }
        mail.add(new Recipient(address, parameters.notification(), parameters.orcpt()));
        return say("250 2.1.5 recipient ok");
    }

    Answer data() {
        Transaction mail = transaction;
        if (mail == null) {
            return new Answer.RefuseMessage("503 5.5.1 say MAIL first");
        }
        if (mail.recipientCount() == 0) {
            return new Answer.RefuseMessage("554 5.5.1 no valid recipients");
        }
        if (mail.chunksBegun()) {
            return new Answer.RefuseMessage("503 5.5.1 the message comes by BDAT, or RSET first");
        }
        return new Answer.ReceiveMessage(mail);
    }

    /** RFC 3030; whatever the answer, the octets that are announced are read, or we close. */
    Answer bdat(String argument) {
        Optional<Bdat> chunk = Bdat.parse(argument);
        if (chunk.isEmpty()) {
            return new Answer.SayGoodBye(
                    "501 5.5.4 BDAT is followed by a number, and LAST or nothing");
        }
        Transaction mail = transaction;
        long octets = chunk.get().octets();
        if (mail == null) {
            return skip(octets, "503 5.5.1 say MAIL first");
        }
        if (mail.recipientCount() == 0) {
            return skip(
                    octets,
                    mail.recipientsAsked()
                            ? "554 5.5.1 no valid recipients"
                            : "503 5.5.1 say RCPT first");
        }
        mail.beginChunks();
        return new Answer.ReceiveChunk(mail, octets, chunk.get().isLast());
    }

    private Answer skip(long octets, String reply) {
        return octets > limits.drain()
                ? new Answer.SayGoodBye(reply)
                : new Answer.SkipChunk(octets, reply);
    }

    private static Submission submission(Submitter submitter, Transaction mail) {
        return new Submission(
                submitter, mail.reversePath(), mail.parameters().size(), mail.recipients());
    }

    private static Answer refuse(Reply reply) {
        return reply.code() == 421
                ? new Answer.SayGoodBye(reply.toString())
                : say(reply.toString());
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
}
