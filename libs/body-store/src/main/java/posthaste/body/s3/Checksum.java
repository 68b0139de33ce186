package posthaste.body.s3;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32C;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/**
 * How the service sees that what arrives is what was sent. Reading needs none of it: each body is
 * verified by a CRC-32C of our own.
 */
public enum Checksum {
    /** Understood by every S3 service. */
    MD5 {
        @Override
        void addTo(PutObjectRequest.Builder request, List<ByteBuffer> content) {
            request.contentMD5(md5(content));
        }

        @Override
        void addTo(UploadPartRequest.Builder request, List<ByteBuffer> content) {
            request.contentMD5(md5(content));
        }
    },
    /** Cheaper; understood by Amazon and newer services. */
    CRC32C {
        @Override
        void addTo(PutObjectRequest.Builder request, List<ByteBuffer> content) {
            request.checksumCRC32C(crc32c(content));
        }

        @Override
        void addTo(UploadPartRequest.Builder request, List<ByteBuffer> content) {
            request.checksumCRC32C(crc32c(content));
        }

        @Override
        void addTo(CreateMultipartUploadRequest.Builder request) {
            request.checksumAlgorithm(ChecksumAlgorithm.CRC32_C);
        }

        @Override
        void addTo(CompletedPart.Builder part, List<ByteBuffer> content) {
            part.checksumCRC32C(crc32c(content));
        }
    },
    /** Trusts TCP and TLS. */
    NONE {
        @Override
        void addTo(PutObjectRequest.Builder request, List<ByteBuffer> content) {}

        @Override
        void addTo(UploadPartRequest.Builder request, List<ByteBuffer> content) {}
    };

    abstract void addTo(PutObjectRequest.Builder request, List<ByteBuffer> content);

    abstract void addTo(UploadPartRequest.Builder request, List<ByteBuffer> content);

    void addTo(CreateMultipartUploadRequest.Builder request) {}

    void addTo(CompletedPart.Builder part, List<ByteBuffer> content) {}

    private static String md5(List<ByteBuffer> content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            content.forEach(piece -> digest.update(piece.duplicate()));
            return Base64.getEncoder().encodeToString(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }

    private static String crc32c(List<ByteBuffer> content) {
        CRC32C crc = new CRC32C();
        content.forEach(piece -> crc.update(piece.duplicate()));
        return Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array());
    }
}
