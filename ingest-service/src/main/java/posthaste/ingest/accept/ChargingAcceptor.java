package posthaste.ingest.accept;

import java.io.IOException;
import java.util.Map;
import posthaste.ingest.policy.rate.Charge;
import posthaste.ingest.policy.rate.Measure;
import posthaste.ingest.policy.rate.Party;
import posthaste.ingest.policy.rate.Quotas;
import posthaste.ingest.policy.rate.RatePolicy;
import posthaste.mail.status.Reply;

/**
 * Charges each mail to its party's accounts: at the end of its message, when its size is known and
 * before it is stored, so that of many sessions at once none gets more than is left. A mail that is
 * refused after that gives back what it was charged.
 */
public final class ChargingAcceptor implements Acceptor {
    private final Acceptor door;
    private final Quotas quotas;

    public ChargingAcceptor(Acceptor door, Quotas quotas) {
        this.door = door;
        this.quotas = quotas;
    }

    @Override
    public Reply accept(IncomingMail mail) throws IOException {
        ChargedMessage message = new ChargedMessage(mail);
        boolean isOurs = false;
        try {
            Reply reply = door.accept(mail.readBy(message));
            // With its outcome unknown it may be in the queue.
            isOurs = reply.code() == 250 || reply.equals(Refusal.outcomeUnknown().reply());
            return reply;
        } finally {
            if (!isOurs) {
                message.giveBack();
            }
        }
    }

    private final class ChargedMessage implements MessageSource {
        private final IncomingMail mail;
        private Charge.Made charge = Charge.Made.NOTHING;

        ChargedMessage(IncomingMail mail) {
            this.mail = mail;
        }

        @Override
        public void readTo(MessageSink sink) throws IOException {
            CountingSink counting = new CountingSink(sink);
            mail.message().readTo(counting);
            Map<Measure, Long> amounts =
                    Map.of(
                            Measure.MESSAGES,
                            1L,
                            Measure.RECIPIENTS,
                            (long) mail.envelope().recipients().size(),
                            Measure.BYTES,
                            Math.max(1, counting.octets));
            Party party = Party.of(mail.submitter(), mail.envelope().reversePath());
            Charge taken = quotas.take(party, amounts);
            if (taken instanceof Charge.Refused(var why)) {
                throw new Refusal(RatePolicy.refused(why));
            } else if (taken instanceof Charge.Made made) {
                charge = made;
            }
        }

        void giveBack() {
            charge.giveBack();
        }
    }

    private static final class CountingSink implements MessageSink {
        private final MessageSink sink;
        private long octets;

        CountingSink(MessageSink sink) {
            this.sink = sink;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            octets += length;
            sink.write(bytes, offset, length);
        }

        @Override
        public void abandon() {
            sink.abandon();
        }
    }
}
