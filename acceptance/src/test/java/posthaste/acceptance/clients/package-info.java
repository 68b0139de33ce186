/**
 * Programs and libraries that others wrote, as clients of Posthaste: each sends letters of each
 * kind over each transport, and what arrives at the next hop is compared. They are configured as
 * docs/submission.md says, from its own text.
 */
package posthaste.acceptance.clients;
