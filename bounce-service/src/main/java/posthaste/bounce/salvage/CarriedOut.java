package posthaste.bounce.salvage;

import java.util.List;

/**
 * An order that has been carried out.
 *
 * @param recipients whom it was about: those of the mail who were unaccounted
 */
public record CarriedOut(String id, Order order, String operator, List<String> recipients) {
    public CarriedOut {
        recipients = List.copyOf(recipients);
    }
}
