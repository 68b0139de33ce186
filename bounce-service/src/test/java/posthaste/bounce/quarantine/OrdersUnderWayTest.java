package posthaste.bounce.quarantine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import posthaste.bounce.deliverylog.Story;
import posthaste.mail.record.Job;
import posthaste.mail.record.QuarantineOrder;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.Publisher;
import posthaste.queue.QueueUnavailableException;

/** A broker that goes between two rounds of orders has taken some of them. */
class OrdersUnderWayTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final QuarantineOrder ORDER =
            new QuarantineOrder(
                    (Job) Story.of(NOON, "app@example.com", "ann@example.org").acceptance(),
                    QuarantineOrder.Action.REMOVE,
                    "otto",
                    "",
                    NOON);

    private int rounds;

    @Test
    void nothingWasOrderedWhenTheFirstRoundWasRefused() {
        OrdersUnderWay orders = new OrdersUnderWay(taking(0));
        orders.add(ORDER);
        assertThatThrownBy(orders::end).isInstanceOf(QueueUnavailableException.class);
    }

    @Test
    void whatCameOfItIsNotKnownWhenALaterOneWas() {
        OrdersUnderWay orders = new OrdersUnderWay(taking(1));
        for (int i = 0; i < 2001; i++) {
            orders.add(ORDER);
        }
        assertThatThrownBy(orders::end)
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("after 2000 orders");
        assertThat(rounds).isEqualTo(2);
    }

    private Publisher taking(int most) {
        return (_, _) -> {
            if (rounds++ >= most) {
                throw new QueueUnavailableException("away");
            }
        };
    }
}
