package posthaste.standalone.command;

/** Something was typed that no command can mean; the message is one sentence. */
final class WrongArgumentException extends Exception {
    WrongArgumentException(String sentence) {
        super(sentence);
    }
}
