package posthaste.ingest.policy.relay;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;

/** Which client certificates are meant. They were verified when the session's TLS began. */
public sealed interface CertificateRule extends Predicate<X509Certificate> {

    /** One certificate, by the SHA-256 of its DER form. */
    record Fingerprint(String hex) implements CertificateRule {
        private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

        /**
         * Reads it with or without colons and {@code sha256:}, as OpenSSL prints it.
         *
         * @throws IllegalArgumentException when it is none
         */
        public static Fingerprint parse(String text) {
            String hex =
                    text.toLowerCase(Locale.ROOT)
                            .replaceFirst("^sha-?256[:=]\\s*", "")
                            .replace(":", "");
            if (!SHA256.matcher(hex).matches()) {
                throw new IllegalArgumentException(
                        "'" + text + "' is no SHA-256 fingerprint: 64 hexadecimal digits");
            }
            return new Fingerprint(hex);
        }

        @Override
        public boolean test(X509Certificate certificate) {
            try {
                byte[] digest =
                        MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
                return Arrays.equals(digest, HexFormat.of().parseHex(hex));
            } catch (CertificateEncodingException e) {
                return false;
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }
    }

    /** All certificates of one subject. */
    record Subject(X500Principal name) implements CertificateRule {

        /**
         * Reads a distinguished name (RFC 2253).
         *
         * @throws IllegalArgumentException when it is none
         */
        public static Subject parse(String text) {
            try {
                return new Subject(new X500Principal(text));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "'" + text + "' is no subject, as CN=mta.example.org,O=Example", e);
            }
        }

        @Override
        public boolean test(X509Certificate certificate) {
            return name.equals(certificate.getSubjectX500Principal());
        }
    }

    /**
     * All certificates with one of the subject's alternative names: a host, as {@code
     * mta.example.org} or {@code *.example.org}, or a mail address.
     */
    record AlternativeName(String name) implements CertificateRule {
        private static final int MAIL_ADDRESS = 1;
        private static final int HOST = 2;

        public AlternativeName {
            name = name.toLowerCase(Locale.ROOT);
        }

        @Override
        public boolean test(X509Certificate certificate) {
            try {
                Collection<List<?>> names = certificate.getSubjectAlternativeNames();
                return names != null && names.stream().anyMatch(this::isMeant);
            } catch (CertificateParsingException e) {
                return false;
            }
        }

        private boolean isMeant(List<?> alternative) {
            if (!(alternative.get(0) instanceof Integer kind)
                    || !(alternative.get(1) instanceof String text)) {
                return false;
            }
            String other = text.toLowerCase(Locale.ROOT);
            return name.startsWith("*.")
                    ? kind == HOST && other.endsWith(name.substring(1))
                    : (kind == HOST || kind == MAIL_ADDRESS) && other.equals(name);
        }
    }
}
