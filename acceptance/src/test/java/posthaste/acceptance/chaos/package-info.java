/**
 * The chaos suite: clients that keep a ledger, a next hop that records what it took, faults at
 * random but repeatable moments of a mail's way, and a judge that afterwards compares what was
 * promised, what arrived, and what the delivery log says. It breaks any {@link
 * posthaste.acceptance.chaos.SystemUnderTest} and knows nothing of how one is built. Nothing of
 * Posthaste's own code is called.
 */
package posthaste.acceptance.chaos;
