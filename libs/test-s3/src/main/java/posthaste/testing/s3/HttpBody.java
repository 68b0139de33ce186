package posthaste.testing.s3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Copies what follows a head, by its length, by chunks, or to the end (RFC 9112 section 6). */
final class HttpBody {
    private static final int PIECE = 16 * 1024;

    private HttpBody() {}

    /** A request's body: without a length or chunks there is none. */
    static void copyRequest(HttpHead head, InputStream in, OutputStream out) throws IOException {
        if (head.says("Transfer-Encoding", "chunked")) {
            copyChunks(in, out);
        } else if (head.field("Content-Length").isPresent()) {
            copy(Long.parseLong(head.field("Content-Length").get()), in, out);
        }
        out.flush();
    }

    /**
     * A response's body.
     *
     * @return whether the connection can be used again
     */
    static boolean copyResponse(String method, HttpHead head, InputStream in, OutputStream out)
            throws IOException {
        boolean reusable = !head.says("Connection", "close");
        int status = head.status();
        if (!method.equals("HEAD") && status != 204 && status != 304) {
            if (head.says("Transfer-Encoding", "chunked")) {
                copyChunks(in, out);
            } else if (head.field("Content-Length").isPresent()) {
                copy(Long.parseLong(head.field("Content-Length").get()), in, out);
            } else {
                in.transferTo(out);
                reusable = false;
            }
        }
        out.flush();
        return reusable;
    }

    private static void copyChunks(InputStream in, OutputStream out) throws IOException {
        long size;
        do {
            String line = line(in, out);
            size = Long.parseLong(line.split(";", 2)[0].strip(), 16);
            copy(size, in, out);
            if (size > 0) {
                line(in, out);
            }
        } while (size > 0);
        while (!line(in, out).isEmpty()) {
            // Trailers, up to the empty line.
        }
    }

    private static String line(InputStream in, OutputStream out) throws IOException {
        StringBuilder line = new StringBuilder();
        int next;
        do {
            next = in.read();
            if (next < 0) {
                throw new EOFException("the peer closed in the middle of a body");
            }
            out.write(next);
            line.append((char) next);
        } while (next != '\n');
        return line.toString().strip();
    }

    private static void copy(long length, InputStream in, OutputStream out) throws IOException {
        byte[] piece = new byte[PIECE];
        long left = length;
        while (left > 0) {
            int read = in.read(piece, 0, (int) Math.min(PIECE, left));
            if (read < 0) {
                throw new EOFException("the peer closed in the middle of a body");
            }
            out.write(piece, 0, read);
            left -= read;
        }
    }

    /** A whole response with a short text. */
    static void answer(OutputStream out, String method, int status, String type, String text)
            throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        out.write(
                ("HTTP/1.1 "
                                + status
                                + " As told\r\nContent-Type: "
                                + type
                                + "\r\nContent-Length: "
                                + body.length
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        if (!method.equals("HEAD")) {
            out.write(body);
        }
        out.flush();
    }
}
