/**
 * What can be asked of {@code ./posthaste}, one class a command. A command reads its options, asks
 * the parts that do the work, and prints for people or, with {@code --json}, for machines; what is
 * wrong becomes one sentence and a status. How a queue is checked or rebuilt is not known here.
 */
@NullMarked
package posthaste.standalone.command;

import org.jspecify.annotations.NullMarked;
