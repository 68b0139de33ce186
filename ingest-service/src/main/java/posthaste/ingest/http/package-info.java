/**
 * Submission over HTTP: {@code POST /api/v1/messages} with a message as it is, or with a JSON
 * description of one, which Jakarta Mail composes. Makes the same incoming mails of them as SMTP
 * does, and tells what became of them in HTTP's words. Knows nothing of SMTP sessions.
 */
@NullMarked
package posthaste.ingest.http;

import org.jspecify.annotations.NullMarked;
