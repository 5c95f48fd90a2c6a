package ai.callmeback.voice.call;

import ai.callmeback.domain.conversation.Brief;
import ai.callmeback.vendors.tts.TtsOptions;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the brief lays down to be said and how, with something sensible where it lays down nothing. */
final class Phrases {
    private static final String DEFAULT_FILLER = "Let me think.";
    private static final String DEFAULT_IDLE_PROMPT = "Are you still there?";
    private static final JsonMapper JSON = JsonMapper.shared();

    private Brief brief;
    private int fillers;
    private int idlePrompts;

    Phrases(Brief brief) {
        this.brief = brief;
    }

    /** Another persona speaks from now on. */
    void become(Brief next) {
        brief = next;
        fillers = 0;
        idlePrompts = 0;
    }

    String personaId() {
        return brief.voice().personaId();
    }

    String opening() {
        return brief.resumption().isBlank() ? brief.greeting() : brief.resumption();
    }

    /** The line was lost while the agent spoke. */
    String resumeOwnWords() {
        return "Sorry, where was I?";
    }

    /** The line was lost while the user spoke, or nobody did. */
    String resumeListening() {
        return "Sorry, I lost you for a second. Please go on.";
    }

    String farewell() {
        return orElse(brief.farewell(), "Goodbye, take care.");
    }

    /** Says first why it ends. */
    String budgetFarewell() {
        return "I have to stop here, because the budget you set for calls is used up. " + farewell();
    }

    String timeWarning() {
        return orElse(brief.timeWarning(), "Just so you know, our time is almost up.");
    }

    /** To a machine that takes messages. */
    String message() {
        return "Hello, this is " + brief.voice().personaName()
                + ". You asked me to call, and I just missed you. Talk to you another time. Goodbye.";
    }

    /** To a machine, or somebody else, who asks who is calling. */
    String introduction() {
        return "This is " + brief.voice().personaName() + ", calling as asked. They are expecting me.";
    }

    String trouble() {
        return orElse(brief.trouble(), "Sorry, I did not get that. Could you say it again?");
    }

    /** The model broke off in the middle of an answer. */
    String lostThread() {
        return "Sorry, I lost my thread. What did you say?";
    }

    /** The voice is lost, and this was said before it was: it can still be heard. */
    String breakdown() {
        return "Sorry, I am having trouble with the line, so we have to stop here. Goodbye.";
    }

    /** The same in a voice of the telephony's, short, because the call is not waited for much longer. */
    String breakdownByTelephony() {
        return "Sorry, there is trouble with the line. Goodbye.";
    }

    /** What may have to be said without a wait or without the vendor, most needed first. */
    List<String> fixed() {
        List<String> all = new ArrayList<>(brief.fillers().isEmpty() ? List.of(DEFAULT_FILLER) : brief.fillers());
        all.add(1, breakdown());
        all.addAll(List.of(trouble(), farewell(), lostThread(), resumeOwnWords(), resumeListening(), timeWarning()));
        all.addAll(brief.idlePrompts().isEmpty() ? List.of(DEFAULT_IDLE_PROMPT) : brief.idlePrompts());
        return all;
    }

    String filler() {
        String filler = nextFiller();
        fillers++;
        return filler;
    }

    /** The next filler, not said yet. */
    String nextFiller() {
        return brief.fillers().isEmpty()
                ? DEFAULT_FILLER
                : brief.fillers().get(fillers % brief.fillers().size());
    }

    String idlePrompt() {
        return brief.idlePrompts().isEmpty()
                ? DEFAULT_IDLE_PROMPT
                : brief.idlePrompts().get(idlePrompts++ % brief.idlePrompts().size());
    }

    /**
     * The persona's voice; settings that are missing or out of bounds become the vendor's usual ones.
     *
     * @param usualModelId for a persona that has no model of its own
     */
    TtsOptions voice(String usualModelId) {
        TtsOptions usual = TtsOptions.voice(brief.voice().voiceId());
        JsonNode settings;
        try {
            settings = JSON.readTree(brief.voice().settingsJson());
        } catch (JacksonException e) {
            settings = JSON.createObjectNode();
        }
        return new TtsOptions(
                usual.voiceId(),
                orElse(brief.voice().modelId(), usualModelId),
                within(settings, "stability", 0, 1, usual.stability()),
                within(settings, "similarity_boost", 0, 1, usual.similarityBoost()),
                within(settings, "style", 0, 1, usual.style()),
                settings.path("use_speaker_boost").asBoolean(usual.speakerBoost()),
                within(settings, "speed", 0.7, 1.2, usual.speed()));
    }

    private static double within(JsonNode settings, String name, double least, double most, double usual) {
        double value = settings.path(name).asDouble(usual);
        return value >= least && value <= most ? value : usual;
    }

    private static String orElse(String text, String otherwise) {
        return text.isBlank() ? otherwise : text;
    }
}
