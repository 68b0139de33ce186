package posthaste.body.s3;

/** What is asked of the service, one request each. */
public enum S3Operation {
    PUT_OBJECT,
    GET_OBJECT,
    HEAD_OBJECT,
    COPY_OBJECT,
    DELETE_OBJECT,
    DELETE_OBJECTS,
    LIST_OBJECTS,
    CREATE_UPLOAD,
    UPLOAD_PART,
    COMPLETE_UPLOAD,
    ABORT_UPLOAD,
    LIST_UPLOADS,
    LIST_PARTS,
    HEAD_BUCKET,
    CREATE_BUCKET
}
