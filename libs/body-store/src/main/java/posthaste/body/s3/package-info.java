/**
 * Bodies in an S3-compatible service: what is one object, what is asked how often and how long, and
 * what an answer means for the mail. The only place that knows the S3 SDK. What a segment looks
 * like and who is written together is in {@code posthaste.body.segment}.
 *
 * <p>A bucket holds {@code <prefix><generation>/<slot>/<name>.s3} and multipart uploads under way.
 */
@NullMarked
package posthaste.body.s3;

import org.jspecify.annotations.NullMarked;
