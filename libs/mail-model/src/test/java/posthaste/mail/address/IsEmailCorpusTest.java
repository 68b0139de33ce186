package posthaste.mail.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * The addresses of Dominic Sayers' is_email and what it says of them, as an oracle for what may
 * stand between the brackets of a path (RFC 5321). It judges a wider language, that of header
 * fields (RFC 5322): comments, folding and obsolete forms are good there and refused here.
 */
class IsEmailCorpusTest {
    /** Categories of addresses that RFC 5321 allows. */
    private static final Set<String> ALLOWED =
            Set.of("ISEMAIL_VALID_CATEGORY", "ISEMAIL_DNSWARN", "ISEMAIL_RFC5321");

    /** Where we judge differently, and why. */
    private static final Map<String, String> STEP_ASIDE =
            Map.of("71", "RFC 4291 lets :: stand for one group; RFC 5321 calls that deprecated");

    @Test
    void weJudgeAddressesAsTheCorpusDoes() throws Exception {
        Path corpus =
                Path.of(System.getProperty("posthaste.root", "../.."))
                        .resolve("../shared/corpora/addresses/is_email-tests.xml")
                        .normalize();
        if (!Files.exists(corpus)) {
            String missing = "the corpus of addresses is not here: " + corpus;
            if (Boolean.getBoolean("posthaste.strict")) {
                fail(missing);
            }
            assumeTrue(false, missing);
        }
        List<String> differences = new ArrayList<>();
        NodeList tests =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(corpus.toFile())
                        .getElementsByTagName("test");
        for (int i = 0; i < tests.getLength(); i++) {
            Element test = (Element) tests.item(i);
            String id = test.getAttribute("id");
            String address = controls(text(test, "address"));
            boolean allowed = ALLOWED.contains(text(test, "category"));
            if (isAddress(address) != allowed && !STEP_ASIDE.containsKey(id)) {
                differences.add(
                        id
                                + " "
                                + address
                                + " is "
                                + text(test, "diagnosis")
                                + ", and we say "
                                + (allowed ? "no" : "yes"));
            }
        }
        assertThat(tests.getLength()).isGreaterThan(100);
        assertThat(differences).isEmpty();
    }

    private static boolean isAddress(String text) {
        try {
            EmailAddress.parse(text);
            return true;
        } catch (InvalidAddressException e) {
            return false;
        }
    }

    private static String text(Element test, String name) {
        return test.getElementsByTagName(name).item(0).getTextContent();
    }

    /** The corpus writes control characters as their pictures, U+2400 and on. */
    private static String controls(String text) {
        StringBuilder out = new StringBuilder();
        text.chars().forEach(c -> out.append((char) (c >= 0x2400 && c < 0x2421 ? c - 0x2400 : c)));
        return out.toString();
    }
}
