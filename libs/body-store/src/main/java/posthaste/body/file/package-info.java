/**
 * Bodies in files, in one or several folders on as many disks: what is forced when, which folder
 * serves, and what a failure of a disk means for the mail. What a segment looks like and who is
 * written together is in {@code posthaste.body.segment}.
 *
 * <p>A folder holds {@code .posthaste-bodies} (its id, which the keys carry), {@code .unfinished/}
 * (large bodies under way) and {@code <generation>/<slot>/<name>.<folder id>}.
 */
@NullMarked
package posthaste.body.file;

import org.jspecify.annotations.NullMarked;
