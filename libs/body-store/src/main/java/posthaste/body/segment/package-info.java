/**
 * How bodies share an object: the format of a segment, byte by byte, who is written together with
 * whom (group commit), and how keys are named. Common to stores of files and of objects: all I/O is
 * somebody else's, the state machines are pure.
 */
@NullMarked
package posthaste.body.segment;

import org.jspecify.annotations.NullMarked;
