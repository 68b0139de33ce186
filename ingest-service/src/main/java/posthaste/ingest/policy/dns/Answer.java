package posthaste.ingest.policy.dns;

import java.util.List;
import org.xbill.DNS.Record;

/** What a look-up led to. */
public sealed interface Answer {

    /** At least one. */
    record Found(List<Record> records) implements Answer {}

    /** The name is there and has no such records. */
    record NoData() implements Answer {}

    record NoSuchName() implements Answer {}

    /** SERVFAIL, no answer in time, an answer that makes no sense. */
    record Unanswered(String why) implements Answer {}
}
