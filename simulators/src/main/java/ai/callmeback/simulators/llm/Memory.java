package ai.callmeback.simulators.llm;

import ai.callmeback.simulators.llm.ChatRequest.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the messages of a request tell: facts of the form "my … is …", who the persona is, what the call is about. */
final class Memory {
    private static final String NAMED_THINGS =
            "(?:code ?word|secret word|secret|password|pass ?phrase|pin|safe word|appointment|meeting|plan)";

    private static final Pattern FACT = Pattern.compile(
            "\\b(?:my ([a-z][a-z' ]{0,40}?)|(?:the|our) (" + NAMED_THINGS
                    + "))(?: (?:for|of) (?:today|the day|tonight))?"
                    + " (?:is called|is|was|will be|are) (?!what\\b|again\\b|that\\b)([^.!?;,\\n\"]{1,80})",
            Pattern.CASE_INSENSITIVE);

    /** Something that could be a fact, in a question about it. */
    private static final Pattern ASKED = Pattern.compile(
            "\\b(?:what(?:'s| is| was| were|)|which|tell me|remember|recall|know|repeat)\\b.*?\\b(?:my ([a-z][a-z' ]{0,40}?)|(?:the|our|a) ("
                    + NAMED_THINGS + "))(?: (?:is|was|were|are|again|that i|i|you|told|gave|said).*)?[\\s?.!]*$",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern NAME =
            Pattern.compile("(?:You are|Your name is|I am|I'm|name:)\\s+\"?(\\p{Lu}[\\p{L}]{1,20})\\b");

    private static final Pattern TOPIC = Pattern.compile(
            "(?:pretext|reason for (?:the|this) call|purpose(?: of (?:the|this) call)?|asked (?:for this call|to be called) (?:about|because of)|in their own words)\\s*[:=]?\\s*\"?([^\\n\"]{3,160})",
            Pattern.CASE_INSENSITIVE);

    private final Map<String, String> facts = new LinkedHashMap<>();
    private final List<Message> messages;

    Memory(List<Message> messages) {
        this.messages = messages;
        for (Message message : messages) {
            // What the assistant says about facts is hearsay; a brief in the system prompt is not.
            if (!message.from("assistant")) {
                factsIn(message.content()).forEach(facts::put);
            }
        }
    }

    /** Facts said in one text, by what they are about, in lower case. */
    static Map<String, String> factsIn(String text) {
        Map<String, String> found = new LinkedHashMap<>();
        Matcher matcher = FACT.matcher(text);
        while (matcher.find()) {
            found.put(about(matcher), matcher.group(3).strip());
        }
        return found;
    }

    /** What a question asks about, if it asks about something that somebody might have told. */
    static Optional<String> askedAbout(String text) {
        Matcher matcher = ASKED.matcher(text);
        return matcher.find() ? Optional.of(about(matcher)) : Optional.empty();
    }

    private static String about(Matcher matcher) {
        String about = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        return about.strip().toLowerCase(Locale.ROOT).replace("codeword", "code word");
    }

    Optional<String> fact(String about) {
        return Optional.ofNullable(facts.get(about.strip().toLowerCase(Locale.ROOT)));
    }

    Map<String, String> facts() {
        return facts;
    }

    String personaName() {
        return inSystem(NAME).orElse("your callback companion");
    }

    Optional<String> topic() {
        return inSystem(TOPIC).map(topic -> topic.strip().replaceAll("[.\\s]+$", ""));
    }

    private Optional<String> inSystem(Pattern pattern) {
        for (Message message : messages) {
            if (message.from("system") || message.from("developer")) {
                Matcher matcher = pattern.matcher(message.content());
                if (matcher.find()) {
                    return Optional.of(matcher.group(1));
                }
            }
        }
        return Optional.empty();
    }
}
