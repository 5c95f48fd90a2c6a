package ai.callmeback.simulators.llm;

import ai.callmeback.simulators.llm.ChatRequest.Message;
import ai.callmeback.simulators.wire.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The rules by which the model answers. The first that fits decides. */
final class Persona {
    private static final Pattern FAREWELL = words("good ?bye|bye|bye bye|hang up|talk to you (?:later|soon|tomorrow)"
            + "|see you (?:later|soon|tomorrow|then)|(?:have|need|got|gotta) (?:to )?go(?! to)|end the call"
            + "|that's all(?= *[.!]?$)|that is all(?= *[.!]?$)");
    private static final Pattern AGAIN =
            words("say (?:that|it) again|repeat that|repeat it|pardon|what did you say|come again|didn't catch");
    private static final Pattern GO_ON = words("go on|continue|carry on|keep going|finish the story");
    private static final Pattern WHERE = words("where were we|what were you saying|you were saying");
    private static final Pattern STORY = words("story|tell me more|tell me about|tell me everything|at length");
    private static final Pattern HOW =
            words("tell me (?:how|why|what to)|how (?:do|can|should) i|explain|give me advice");
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

    private static final String ADVICE_TEXT = "Here is how I would go about it, and you tell me where it pinches. "
            + "Pick the smallest piece of it that still counts, something that takes ten minutes and not a minute more. "
            + "Put it next to something that you do every day anyway, like the first coffee or brushing your teeth. "
            + "Get everything ready the night before, so that in the morning nothing is left to decide. "
            + "And when you have done it, say so to somebody, because a thing that is said out loud is half a habit. ";

    private static final int SENTENCES_TO_GO_ON = 2;
    /** A long answer is found again by its last characters. */
    private static final int TAIL = 20;

    private static final int SHORT_WORDS = 6;

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
            return Reply.say("All right. " + toldBy(last));
        }
        Optional<String> classes = choices();
        if (classes.isPresent()) {
            return Reply.say(classes.get());
        }
        boolean begun = request.messages().stream().anyMatch(message -> message.from("user"));
        if (!begun && !last.from("assistant")) {
            return lastOwnWords().isPresent() ? noted(last) : Reply.say(greeting());
        }
        return last.from("user") ? toUser(last.content().strip()) : noted(last);
    }

    /** What came of a function, if it is told in words. */
    private static String toldBy(Message tool) {
        JsonNode result = Json.object(tool.content());
        return result == null ? "" : result.path("say").asString("");
    }

    /** A system message at the end says what to do now; else the user's last words are answered. */
    private Reply noted(Message last) {
        String note = last.from("assistant") ? "" : last.content().toLowerCase(Locale.ROOT);
        if (note.matches("(?s).*\\b(goodbye|good-bye|farewell|end_call|end the call)\\b.*")) {
            return farewell();
        }
        if (note.contains("handed this call")) {
            return Reply.say(
                    "Hello, this is " + memory.personaName() + ". I have heard all of it. Where shall we begin?");
        }
        if (note.matches("(?s).*\\b(cut off|was lost|dropped|go on|reconnect\\w*)\\b.*")) {
            return Reply.say(continuation());
        }
        if (note.contains("five minutes more") && note.contains("left")) {
            return Reply.say("We have about a minute or two left. Shall I make it five minutes more?");
        }
        if (note.matches("(?s).*\\b(time is|minute|seconds left|nearly over|time limit).*")) {
            return Reply.say("We have only a little time left, so let us wrap up.");
        }
        if (note.matches("(?s).*\\b(silent|silence|quiet|idle|not said anything).*")) {
            return Reply.say("Are you still there?");
        }
        return request.messages().reversed().stream()
                .filter(message -> message.from("user"))
                .findFirst()
                .filter(user -> !last.from("assistant"))
                .map(user -> toUser(user.content().strip()))
                .orElseGet(() -> Reply.say(continuation()));
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
        Optional<Reply> done = ToolCues.reply(text, lastOwnWords(), request);
        if (done.isPresent()) {
            return done.get();
        }
        Map<String, String> told = Memory.factsIn(text);
        Optional<String> asked = Memory.askedAbout(text);
        if (asked.isPresent() && (told.isEmpty() || text.endsWith("?"))) {
            return Reply.say(recalled(asked.get()));
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
        if (WHERE.matcher(text).find()) {
            return whereWeWere();
        }
        if (GO_ON.matcher(text).find()) {
            return continuation();
        }
        if (HOW.matcher(text).find()) {
            return interrupted() + ADVICE_TEXT + "What is the smallest piece for you?";
        }
        if (STOP.matcher(text).find() && text.split("\\s+", -1).length < SHORT_WORDS) {
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

    /** Goes on with a long answer where it was cut; if it was none, says how far it had come. */
    private String continuation() {
        String said = lastOwnWords()
                .orElse("")
                .replaceAll("\\s*Sorry, where was I\\?\\s*$", "")
                .replaceAll("[\\s—–…-]+$", "");
        for (String text : List.of(STORY_TEXT, ADVICE_TEXT)) {
            int at = said.length() < TAIL ? -1 : text.indexOf(said.substring(said.length() - TAIL));
            if (at >= 0) {
                return rest(text, at + TAIL);
            }
        }
        return whereWeWere();
    }

    /** From the word that was cut to the end of the next sentences. */
    private static String rest(String text, int from) {
        int start = from;
        while (start > 0
                && start < text.length()
                && Character.isLetter(text.charAt(start))
                && Character.isLetter(text.charAt(start - 1))) {
            start--;
        }
        int end = start;
        for (int sentence = 0; sentence < SENTENCES_TO_GO_ON; sentence++) {
            int stop = text.indexOf(". ", end);
            end = stop < 0 ? text.length() : stop + 2;
        }
        String rest = text.substring(Math.min(start, text.length()), end).strip();
        return rest.isEmpty() ? "And that was all of it. What did you make of it?" : rest;
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
        return QUESTIONS.get((int) ((asked + request.last().content().length()) % QUESTIONS.size()));
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
