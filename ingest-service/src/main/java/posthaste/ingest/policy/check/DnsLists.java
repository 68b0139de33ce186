package posthaste.ingest.policy.check;

import java.time.Duration;
import java.util.List;

/**
 * Lists of clients in DNS, and what they lead to.
 *
 * @param lists asked all at the same time
 * @param refuseAt the sum of scores from which a client is refused
 * @param timeout for all of them together; whoever has not answered by then does not count
 */
public record DnsLists(List<DnsList> lists, int refuseAt, Duration timeout) {
    public static final DnsLists NONE = new DnsLists(List.of(), 1, Duration.ofSeconds(2));

    public DnsLists {
        lists = List.copyOf(lists);
    }
}
