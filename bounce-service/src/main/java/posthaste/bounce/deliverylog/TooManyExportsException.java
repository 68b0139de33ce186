package posthaste.bounce.deliverylog;

/** As many exports are written already as may be at once; the message is a sentence for people. */
public final class TooManyExportsException extends Exception {
    TooManyExportsException(int most) {
        super(
                most
                        + " exports are being written already, as many as may be at once."
                        + " Ask again when one of them has ended.");
    }
}
