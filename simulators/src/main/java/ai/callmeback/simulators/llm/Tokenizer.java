package ai.callmeback.simulators.llm;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts text into tokens about as large as a real model's: a word with the space before it, long words in parts, digits
 * by threes, punctuation one by one. The same text always gives the same tokens, and they join to the text again.
 */
final class Tokenizer {
    private static final int MAX_LETTERS = 7;
    private static final int MAX_DIGITS = 3;
    /** What a message costs besides its text, and what every prompt costs. */
    private static final int TOKENS_PER_MESSAGE = 4;

    private static final int TOKENS_PER_PROMPT = 3;

    private Tokenizer() {}

    static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>(text.length() / 4 + 1);
        int start = 0;
        while (start < text.length()) {
            int end = end(text, start);
            tokens.add(text.substring(start, end));
            start = end;
        }
        return tokens;
    }

    static int count(String text) {
        int count = 0;
        for (int start = 0; start < text.length(); start = end(text, start)) {
            count++;
        }
        return count;
    }

    static int countPrompt(ChatRequest request) {
        int count = TOKENS_PER_PROMPT + count(request.toolsText());
        for (ChatRequest.Message message : request.messages()) {
            count += TOKENS_PER_MESSAGE + count(message.content()) + count(message.toolCallsText());
        }
        return count;
    }

    private static int end(String text, int start) {
        int at = start;
        if (text.charAt(at) == ' ' && at + 1 < text.length() && Character.isLetter(text.charAt(at + 1))) {
            at++;
        }
        char first = text.charAt(at);
        if (isWordLetter(first)) {
            return run(text, at, MAX_LETTERS, true);
        }
        if (Character.isDigit(first)) {
            return run(text, at, MAX_DIGITS, false);
        }
        return at + Character.charCount(text.codePointAt(at));
    }

    private static int run(String text, int from, int max, boolean letters) {
        int end = from;
        while (end < text.length()
                && end - from < max
                && (letters ? isWordLetter(text.charAt(end)) : Character.isDigit(text.charAt(end)))) {
            end++;
        }
        return end;
    }

    /** Ideographs are words by themselves. */
    private static boolean isWordLetter(char c) {
        return Character.isLetter(c) && c < 0x2E80;
    }
}
