/**
 * What services tell each other's OpenAPI description, where they share a web server. Knows no
 * request.
 */
@NullMarked
package posthaste.service.openapi;

import org.jspecify.annotations.NullMarked;
