package posthaste.testing.s3;

import java.util.Arrays;

/** What a request asks for, as the S3 API names it. */
public enum S3Operation {
    PUT_OBJECT,
    GET_OBJECT,
    HEAD_OBJECT,
    DELETE_OBJECT,
    DELETE_OBJECTS,
    LIST_OBJECTS,
    CREATE_MULTIPART_UPLOAD,
    UPLOAD_PART,
    COMPLETE_MULTIPART_UPLOAD,
    ABORT_MULTIPART_UPLOAD,
    LIST_MULTIPART_UPLOADS,
    CREATE_BUCKET,
    HEAD_BUCKET,
    OTHER;

    /** Of a request in path style: {@code /bucket/key?query}. */
    static S3Operation of(HttpHead request) {
        return request.key().isEmpty() ? ofBucket(request) : ofObject(request);
    }

    private static S3Operation ofObject(HttpHead request) {
        return switch (request.method()) {
            case "PUT" -> has(request, "partNumber") ? UPLOAD_PART : PUT_OBJECT;
            case "GET" -> GET_OBJECT;
            case "HEAD" -> HEAD_OBJECT;
            case "DELETE" -> has(request, "uploadId") ? ABORT_MULTIPART_UPLOAD : DELETE_OBJECT;
            case "POST" -> {
                if (has(request, "uploads")) {
                    yield CREATE_MULTIPART_UPLOAD;
                }
                yield has(request, "uploadId") ? COMPLETE_MULTIPART_UPLOAD : OTHER;
            }
            default -> OTHER;
        };
    }

    private static S3Operation ofBucket(HttpHead request) {
        return switch (request.method()) {
            case "PUT" -> CREATE_BUCKET;
            case "HEAD" -> HEAD_BUCKET;
            case "POST" -> has(request, "delete") ? DELETE_OBJECTS : OTHER;
            case "GET" -> {
                if (has(request, "uploads")) {
                    yield LIST_MULTIPART_UPLOADS;
                }
                yield request.path().equals("/") || has(request, "location") ? OTHER : LIST_OBJECTS;
            }
            default -> OTHER;
        };
    }

    private static boolean has(HttpHead request, String parameter) {
        return Arrays.stream(request.query().split("&", -1))
                .anyMatch(one -> one.equals(parameter) || one.startsWith(parameter + '='));
    }
}
