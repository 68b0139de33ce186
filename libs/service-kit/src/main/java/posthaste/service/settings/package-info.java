/**
 * The configuration that all services share: one record a concern, checked when it is bound. {@link
 * posthaste.service.settings.Setting} is how a wrong value becomes one sentence for the operator.
 * Knows nothing of the parts that are built from it.
 */
@NullMarked
package posthaste.service.settings;

import org.jspecify.annotations.NullMarked;
