/**
 * Who is let in to page and REST, and what they may do there: local users, whose file needs no
 * database, and a provider of OpenID Connect. Knows nothing of what the pages show.
 */
@NullMarked
package posthaste.bounce.login;

import org.jspecify.annotations.NullMarked;
