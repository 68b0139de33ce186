/**
 * A whole cluster under test, each part an operating-system process of its own: three brokers, two
 * of each service, an object store, a database; and the tools that break them: signals, lost data
 * folders, cut networks, full disks, stepped clocks. Knows how a part is started and broken, and
 * nothing of mail: what is sent and what must come of it is its users' affair.
 */
@NullMarked
package posthaste.acceptance.cluster;

import org.jspecify.annotations.NullMarked;
