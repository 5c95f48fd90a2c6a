package ai.callmeback.simulators.llm;

import ai.callmeback.simulators.llm.ChatRequest.Message;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules by which the model answers. The first that fits decides. */
final class Persona {
    private static final Pattern FAREWELL = words("good ?bye|bye|bye bye|hang up|talk to you (?:later|soon|tomorrow)"
            + "|see you|that's all|that is all|have to go|need to go|gotta go|end the call");
    private static final Pattern RECALL = Pattern.compile(
            "\\b(?:what(?:'s| is| was| were|)|tell me|remember|recall|know|repeat)\\b.*?\\bmy ([a-z][a-z' ]{0,40}?)"
                    + "(?: (?:is|was|were|are|again))*[\\s?.!]*$",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern AGAIN =
            words("say (?:that|it) again|repeat that|repeat it|pardon|what did you say|come again|didn't catch");
    private static final Pattern GO_ON = words(
            "go on|continue|carry on|keep going|where were we|what were you saying|you were saying|finish the story");
    private static final Pattern STORY = words("story|tell me more|tell me about|explain|tell me everything|at length");
    private static final Pattern STOP = words("stop|wait|hold on|enough|hang on|one moment|shut up|be quiet");
    private static final Pattern JOKE = words("joke|make me laugh");
    private static final Pattern WHO = words("who are you|your name|who is this|who's this|who am i talking to");
    private static final Pattern ROBOT = words("are you (?:an ai|a robot|a bot|real|human|a person|a machine)");
    private static final Pattern HOW_ARE_YOU = words("how are you|how's it going|how do you do");
    private static final Pattern HELLO =
            Pattern.compile("^\\W*(?:hello|hi|hey|good (?:morning|evening|afternoon))\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern BACKCHANNEL = Pattern.compile(
            "^\\W*(?:m+h+m+|mm+|uh[ -]?huh|hm+|yeah|yes|ok|okay|right|sure|i see)\\W*$", Pattern.CASE_INSENSITIVE);
    private static final Pattern NO =
            Pattern.compile("^\\W*(?:no|nope|not really|no thanks?)\\W*$", Pattern.CASE_INSENSITIVE);
    private static final Pattern THANKS = words("thank you|thanks");
    private static final Pattern COUNT =
            Pattern.compile("\\bcount (?:up )?to (\\d{1,3}|ten|twenty|fifty)\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern CHOICES =
            Pattern.compile("one of(?: these)?:?\\s*([\\w ,|/'\"-]{3,200})", Pattern.CASE_INSENSITIVE);

    private static final String STORY_TEXT = "Let me tell you about the lighthouse keeper of Marrow Point. "
            + "Every evening she climbed two hundred and twelve steps with a can of oil and a loaf of bread. "
            + "One winter the supply boat did not come for forty days, and the oil ran low. "
            + "So she burned her chairs, then her table, and at last the stairs behind her, one by one. "
            + "When the boat came at dawn, the lamp was still burning, and she had to be fetched down by rope. "
            + "The sailors asked her why she had not simply slept through one night. "
            + "She said that somebody out there was counting on a light, and that a promise is a promise. "
            + "They built her a new staircase that spring, and she kept one old step as a pillow. ";

    private static final List<String> QUESTIONS = List.of(
            "What happened next?",
            "How did that make you feel?",
            "What would you like to do about it?",
            "Who else was there?",
            "What is the one thing you want to get done today?");

    private final ChatRequest request;
    private final Memory memory;

    private Persona(ChatRequest request) {
        this.request = request;
        this.memory = new Memory(request.messages());
    }

    static Reply answer(ChatRequest request) {
        return new Persona(request).answer();
    }

    private Reply answer() {
        if (request.schema().isPresent()) {
            return Reply.say(SchemaAnswer.to(request.schema().get(), request.messages(), memory));
        }
        if (request.jsonObject()) {
            return Reply.say(SchemaAnswer.object(request.messages(), memory));
        }
        if (request.forcedTool().isPresent()) {
            return call(request.forcedTool().get(), "");
        }
        Message last = request.last();
        if (last.from("tool")) {
            return Reply.say("All right. ");
        }
        Optional<String> classes = choices();
        if (classes.isPresent()) {
            return Reply.say(classes.get());
        }
        if (!last.from("user")) {
            return Reply.say(unprompted(last));
        }
        return toUser(last.content().strip());
    }

    private String unprompted(Message last) {
        boolean begun = request.messages().stream().anyMatch(message -> message.from("user"));
        if (!begun) {
            return greeting();
        }
        String text = last.content().toLowerCase(Locale.ROOT);
        if (!last.from("assistant")
                && text.matches("(?s).*\\b(time is|minute|seconds left|nearly over|time limit).*")) {
            return "We have only a little time left, so let us wrap up. ";
        }
        if (!last.from("assistant") && text.matches("(?s).*\\b(silent|silence|quiet|idle|not said anything).*")) {
            return "Are you still there? ";
        }
        return "Sorry, we were cut off for a moment. " + whereWeWere();
    }

    private String greeting() {
        String opening = "Hello, this is " + memory.personaName() + ", calling you back. ";
        return opening
                + memory.topic()
                        .map(topic -> "You wanted to talk about " + topic + ". ")
                        .orElse("")
                + "How are you today?";
    }

    private Reply toUser(String text) {
        if (FAREWELL.matcher(text).find()) {
            return farewell();
        }
        Map<String, String> told = Memory.factsIn(text);
        Matcher recall = RECALL.matcher(text);
        if (recall.find() && (told.isEmpty() || text.endsWith("?"))) {
            return Reply.say(recalled(recall.group(1)));
        }
        if (!told.isEmpty()) {
            Map.Entry<String, String> fact = told.entrySet().iterator().next();
            return Reply.say(interrupted() + "Got it, your " + fact.getKey() + " is " + fact.getValue()
                    + ". I will remember that. What else is on your mind?");
        }
        return Reply.say(smallTalk(text));
    }

    private Reply farewell() {
        String name = memory.fact("name").map(known -> ", " + known).orElse("");
        String words = "Goodbye" + name + "! It was good to talk with you.";
        return request.tools().stream()
                .map(ChatRequest.Tool::name)
                .filter(tool -> tool.contains("end_call") || tool.contains("hang_up") || tool.contains("hangup"))
                .findFirst()
                .map(tool -> call(tool, words))
                .orElseGet(() -> Reply.say(words));
    }

    private Reply call(String tool, String words) {
        String arguments = request.tools().stream()
                .filter(offered -> offered.name().equals(tool))
                .findFirst()
                .map(offered -> SchemaAnswer.to(offered.parameters(), request.messages(), memory))
                .orElse("{}");
        return new Reply(words, Optional.of(new Reply.ToolCall(tool, arguments)));
    }

    private String recalled(String about) {
        return memory.fact(about)
                .map(value -> "Your " + about.strip() + " is " + value + ".")
                .orElse("I do not know your " + about.strip() + ". You have not told me.");
    }

    private String smallTalk(String text) {
        Matcher count = COUNT.matcher(text);
        if (count.find()) {
            return counted(count.group(1));
        }
        if (AGAIN.matcher(text).find()) {
            return lastOwnWords().map(words -> "I said: " + words).orElse("I have not said anything yet.");
        }
        if (STORY.matcher(text).find()) {
            return STORY_TEXT + "Did you like it?";
        }
        if (GO_ON.matcher(text).find()) {
            return whereWeWere();
        }
        if (STOP.matcher(text).find()) {
            return "Of course, I will stop there. What would you like to talk about?";
        }
        if (JOKE.matcher(text).find()) {
            return interrupted() + "Why did the telephone wear glasses? Because it had lost its contacts.";
        }
        if (ROBOT.matcher(text).find()) {
            return interrupted() + "I am an AI, and my name is " + memory.personaName() + ". Does that bother you?";
        }
        if (WHO.matcher(text).find()) {
            return interrupted() + "This is " + memory.personaName() + ", the one you asked to call you back.";
        }
        return feelings(text);
    }

    private String feelings(String text) {
        if (HOW_ARE_YOU.matcher(text).find()) {
            return interrupted() + "I am very well, thank you. And how was your day?";
        }
        if (BACKCHANNEL.matcher(text).find()) {
            return "Good. Shall I go on, or is there something you want to tell me?";
        }
        if (NO.matcher(text).find()) {
            return "That is fine. What would you rather talk about?";
        }
        if (HELLO.matcher(text).find() && text.length() < 30) {
            return "Hello! It is good to hear you. What is on your mind?";
        }
        if (THANKS.matcher(text).find()) {
            return interrupted() + "You are welcome. Is there anything else?";
        }
        return interrupted() + "You said: " + firstWords(text, 12) + ". " + question();
    }

    /** An answer of our own that does not end like a sentence was cut: the user spoke over it. */
    private String interrupted() {
        return lastOwnWords()
                .filter(words -> !words.matches("(?s).*[.!?\"]\\s*$")
                        || words.toLowerCase(Locale.ROOT).contains("interrupt"))
                .map(words -> "Sorry, go ahead. ")
                .orElse("");
    }

    private String whereWeWere() {
        return lastOwnWords()
                .map(words -> "I had got as far as: "
                        + words.substring(Math.max(0, words.length() - 80)).strip() + " … Shall I go on from there?")
                .orElse("We had only just begun. What is on your mind?");
    }

    private Optional<String> lastOwnWords() {
        return request.messages().reversed().stream()
                .filter(message ->
                        message.from("assistant") && !message.content().isBlank())
                .map(message -> message.content().strip())
                .findFirst();
    }

    private String question() {
        long asked = request.messages().stream()
                .filter(message -> message.from("user"))
                .count();
        return QUESTIONS.get((int) (asked % QUESTIONS.size()));
    }

    /** A prompt that asks to choose "one of: a, b, c" gets one of them: the one the messages mention, or the last. */
    private Optional<String> choices() {
        boolean asked = request.messages().stream()
                .filter(message -> !message.from("assistant"))
                .anyMatch(message -> message.content().toLowerCase(Locale.ROOT).contains("classif"));
        if (!asked) {
            return Optional.empty();
        }
        for (Message message : request.messages()) {
            Matcher matcher = CHOICES.matcher(message.content());
            if (matcher.find()) {
                List<String> labels = List.of(matcher.group(1).strip().split("\\s*(?:,|\\||/|\\bor\\b)\\s*", -1));
                return Optional.of(SchemaAnswer.choose(labels, request.messages(), message));
            }
        }
        return Optional.empty();
    }

    private static String counted(String limit) {
        int to = switch (limit.toLowerCase(Locale.ROOT)) {
            case "ten" -> 10;
            case "twenty" -> 20;
            case "fifty" -> 50;
            default -> Integer.parseInt(limit);
        };
        StringBuilder text = new StringBuilder("All right. ");
        for (int i = 1; i <= to; i++) {
            text.append(i).append(i == to ? "." : ", ");
        }
        return text.toString();
    }

    static String firstWords(String text, int count) {
        String[] words = text.strip().split("\\s+", count + 1);
        String joined = String.join(" ", List.of(words).subList(0, Math.min(count, words.length)));
        return joined.replaceAll("[.!?,;:]+$", "");
    }

    private static Pattern words(String alternatives) {
        return Pattern.compile("\\b(?:" + alternatives + ")\\b", Pattern.CASE_INSENSITIVE);
    }
}
