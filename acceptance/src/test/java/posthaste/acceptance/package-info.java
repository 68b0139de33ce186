/**
 * Tests of the whole through real sockets: Posthaste runs as the child process that {@code
 * ./posthaste run} makes, clients and next hops are real, and what is asked afterwards is asked
 * through REST. One scenario an invariant. Nothing of Posthaste's own code is called.
 */
package posthaste.acceptance;
