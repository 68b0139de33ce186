/** Where {@code ./posthaste} enters Java. What can be asked for is in {@code .command}. */
@NullMarked
package posthaste.standalone;

import org.jspecify.annotations.NullMarked;
