package posthaste.bounce.inbound.parse;

import java.io.ByteArrayOutputStream;
import java.util.Locale;

/** Undoes base64 and quoted-printable; what does not belong there is passed over. */
final class TransferEncoding {
    private TransferEncoding() {}

    static byte[] decode(byte[] in, String encoding) {
        String name = encoding.strip().toLowerCase(Locale.ROOT);
        if (name.startsWith("base64")) {
            return base64(in);
        }
        return name.startsWith("quoted-printable") ? quotedPrintable(in) : in;
    }

    static byte[] base64(byte[] in) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(in.length * 3 / 4);
        int bits = 0;
        int held = 0;
        for (byte c : in) {
            int value = base64Value(c);
            if (value < 0) {
                if (c == '=') {
                    held = 0;
                }
                continue;
            }
            bits = bits << 6 | value;
            held += 6;
            if (held >= 8) {
                held -= 8;
                out.write(bits >> held);
            }
        }
        return out.toByteArray();
    }

    private static int base64Value(byte c) {
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        }
        if (c >= 'a' && c <= 'z') {
            return c - 'a' + 26;
        }
        if (c >= '0' && c <= '9') {
            return c - '0' + 52;
        }
        return c == '+' ? 62 : c == '/' ? 63 : -1;
    }

    static byte[] quotedPrintable(byte[] in) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
        for (int i = 0; i < in.length; i++) {
            if (in[i] != '=') {
                out.write(in[i]);
                continue;
            }
            int next = i + 1;
            while (next < in.length && (in[next] == ' ' || in[next] == '\t')) {
                next++;
            }
            if (next >= in.length || in[next] == '\n') {
                i = next;
                continue;
            }
            int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
            if (high >= 0 && low >= 0) {
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.write('=');
            }
        }
        return out.toByteArray();
    }
}
