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
    private static final Pattern FACT = Pattern.compile(
            "\\bmy ([a-z][a-z' ]{0,40}?) (?:is called|is|was|will be|are) (?!what\\b|again\\b)([^.!?;,\\n\"]{1,80})",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern NAME =
            Pattern.compile("(?:You are|Your name is|I am|I'm|name:)\\s+\"?(\\p{Lu}[\\p{L}]{1,20})\\b");

    private static final Pattern TOPIC = Pattern.compile(
            "(?:pretext|reason for (?:the|this) call|purpose(?: of (?:the|this) call)?|asked (?:for this call|to be called) (?:about|because of))\\s*[:=]?\\s*\"?([^\\n\"]{3,160})",
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
            found.put(
                    matcher.group(1).strip().toLowerCase(Locale.ROOT),
                    matcher.group(2).strip());
        }
        return found;
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
