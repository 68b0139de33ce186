package posthaste.queue.ledger;

/**
 * What is committed of a partition.
 *
 * @param offset the low-water mark: everything below is settled
 * @param metadata what above it is unsettled; at most {@value OffsetLedger#METADATA_LIMIT}
 *     characters, empty when there is nothing
 */
public record LedgerCommit(long offset, String metadata) {}
