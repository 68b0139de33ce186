/**
 * An installation as a command finds it: a cluster elsewhere, a Posthaste that runs on a data
 * folder, or one that does not, whose broker and database are then started for as long as the
 * command takes. Its queue, bodies and log are the same beans that the services have; no service
 * runs here.
 */
@NullMarked
package posthaste.standalone.installation;

import org.jspecify.annotations.NullMarked;
