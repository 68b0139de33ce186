/**
 * What comes back: reports sent to our return addresses and to the addresses that take complaints.
 * They are taken from anybody, by ways of their own: not relayed, not charged to anybody's quota,
 * not signed, not answered. Knows addresses and the steps of acceptance; not what a report says.
 */
@NullMarked
package posthaste.ingest.returned;

import org.jspecify.annotations.NullMarked;
