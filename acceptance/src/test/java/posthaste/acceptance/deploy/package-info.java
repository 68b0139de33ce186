/**
 * What comes with Posthaste to run it elsewhere: manifests for Kubernetes, rules for Prometheus,
 * dashboards. Each is read by the programs that it is for, and held to the code, so that neither
 * drifts. It must not know how a service is built.
 */
@NullMarked
package posthaste.acceptance.deploy;

import org.jspecify.annotations.NullMarked;
