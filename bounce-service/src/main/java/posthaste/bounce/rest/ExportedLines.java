package posthaste.bounce.rest;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import posthaste.bounce.deliverylog.ExportedRecipient;
import posthaste.bounce.suppression.CsvLine;
import posthaste.bounce.suppression.SuppressionExport.Format;
import tools.jackson.databind.json.JsonMapper;

/** A search's finds as lines of a file: CSV (RFC 4180) or one JSON object each. */
final class ExportedLines {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final String COLUMNS =
            "id,acceptedAt,stream,sender,messageId,size,clientAddress,recipient,domain,state,since,"
                    + "attempts,enhancedCode,reply,bounceClass,hard,reason,remoteHost,tls\r\n";

    private final Format format;

    ExportedLines(Format format) {
        this.format = format;
    }

    void begin(Writer out) throws IOException {
        if (format == Format.CSV) {
            out.write(COLUMNS);
        }
    }

    void write(Writer out, ExportedRecipient one) throws IOException {
        if (format == Format.CSV) {
            out.write(
                    CsvLine.of(
                            List.of(
                                    one.mailId(),
                                    one.acceptedAt(),
                                    one.stream(),
                                    one.sender(),
                                    one.messageId().orElse(""),
                                    one.size(),
                                    one.clientAddress(),
                                    one.recipient(),
                                    one.domain(),
                                    one.state(),
                                    one.since(),
                                    one.attempts(),
                                    one.enhancedCode(),
                                    one.reply().orElse(""),
                                    one.bounceClass().orElse(""),
                                    one.hard(),
                                    one.reason(),
                                    one.remoteHost(),
                                    one.tls())));
        } else {
            out.write(JSON.writeValueAsString(one));
            out.write('\n');
        }
    }
}
