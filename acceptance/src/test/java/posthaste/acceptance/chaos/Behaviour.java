package posthaste.acceptance.chaos;

import java.util.Arrays;
import java.util.Locale;

/**
 * What the sink does with a recipient. It stands in the address itself, as {@code grey-12-0@...},
 * so that load, sink and judge need no other agreement.
 */
enum Behaviour {
    /** Takes it. */
    OK(80, NextHop.QUICK),
    /** {@code 451} the first time, then takes it. */
    GREY(9, NextHop.QUICK),
    /** {@code 550}: the sender is to hear of it. */
    NO(5, NextHop.QUICK),
    /** Takes it, but answers the dot late. */
    SLOW(2, NextHop.SLOW),
    /** Takes it, but answers RCPT late. */
    TARPIT(1, NextHop.SLOW),
    /** Reads the first dot and never answers it; takes the mail the next time. */
    MUTE(1, NextHop.BROKEN),
    /** Reads the first dot and closes; takes the mail the next time. */
    CUT(2, NextHop.BROKEN);

    /** Destinations of their own, so that one group's troubles are not the other's. */
    enum NextHop {
        QUICK("one.example two.example three.example"),
        SLOW("slow.example"),
        BROKEN("broken.example");

        private final String domains;

        NextHop(String domains) {
            this.domains = domains;
        }

        String[] domains() {
            return domains.split(" ");
        }
    }

    private final int share;
    private final NextHop nextHop;

    Behaviour(int share, NextHop nextHop) {
        this.share = share;
        this.nextHop = nextHop;
    }

    NextHop nextHop() {
        return nextHop;
    }

    /** One for a number of 0 to 99, by the shares. */
    static Behaviour drawn(int percent) {
        int sum = 0;
        for (Behaviour behaviour : values()) {
            sum += behaviour.share;
            if (percent < sum) {
                return behaviour;
            }
        }
        throw new IllegalArgumentException(percent + " of " + sum);
    }

    /** Of an address; others than ours, as those of senders, are taken. */
    static Behaviour of(String address) {
        int dash = address.indexOf('-');
        return Arrays.stream(values())
                .filter(one -> dash > 0 && one.prefix().equals(address.substring(0, dash)))
                .findFirst()
                .orElse(OK);
    }

    String prefix() {
        return name().toLowerCase(Locale.ROOT);
    }
}
