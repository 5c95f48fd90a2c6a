package ai.callmeback.simulators.phone;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.JournalQuery;
import ai.callmeback.simulators.core.VirtualTime;
import ai.callmeback.simulators.speech.Hearing;
import ai.callmeback.simulators.speech.MuLaw;
import ai.callmeback.simulators.speech.SpeechCodec;
import ai.callmeback.simulators.speech.SpeechDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A scripted caller against a persona that the test plays, slot by slot. */
class ScriptedCallerTest {
    private static final String NUMBER = "+14155550123";

    private final VirtualTime time = new VirtualTime();
    private final Journal journal = new Journal(time, 10_000);
    private final PhoneBook book = new PhoneBook(journal, time, new Random(1));
    private final List<String> line = new ArrayList<>();
    private final Hearing said = new Hearing();
    private final SpeechDecoder decoder = new SpeechDecoder(said);
    private Handset handset;

    private final Line testLine = new Line() {
        @Override
        public String callSid() {
            return "CA1";
        }

        @Override
        public String from() {
            return "+15005550006";
        }

        @Override
        public void answer() {
            line.add("answer");
        }

        @Override
        public void reject(Rejection how) {
            line.add(how.name());
        }

        @Override
        public void hangUp() {
            line.add("hang-up");
        }

        @Override
        public void key(char digit) {
            line.add("key " + digit);
        }
    };

    private void call(String script) {
        List<Step> steps = JsonMapper.builder().build().readValue(script, new TypeReference<List<Step>>() {});
        book.configure(
                NUMBER,
                new PhoneSettings(
                        PhoneSettings.Behaviour.ANSWER,
                        List.of(),
                        Script.flatten(steps),
                        book.phone(NUMBER).settings().resumeScript()));
        begin();
    }

    private void begin() {
        handset = book.incoming(NUMBER, testLine);
        handset.ringing();
        time.advance(Duration.ofSeconds(1));
        handset.answered();
    }

    /** The persona says this, or nothing for null, for so long at least. */
    private void persona(String text, long millis) {
        byte[] audio = text.isEmpty() ? new byte[0] : SpeechCodec.encode(text).audio();
        int slots = (int) Math.max(audio.length / 160, millis / 20);
        for (int i = 0; i < slots; i++) {
            boolean sounding = (i + 1) * 160 <= audio.length;
            byte[] slot = sounding ? Arrays.copyOfRange(audio, i * 160, (i + 1) * 160) : MuLaw.silence(1);
            decoder.accept(handset.slot(slot, sounding ? 160 : 0), 0, 160);
            time.advance(Duration.ofMillis(20));
        }
    }

    private String said() {
        return said.text();
    }

    private long count(String kind) {
        return journal.read(new JournalQuery("phone", "CA1", kind, 0, Integer.MAX_VALUE))
                .size();
    }

    @Test
    void waitsForThePersonaToFinishBeforeItSpeaks() {
        call("[{\"do\":\"listen\"},{\"do\":\"say\",\"text\":\"Hello.\"}]");
        persona("", 3_000);
        assertThat(said()).isEmpty();
        persona("Good morning to you.", 0);
        persona("", 600);
        assertThat(said()).isEmpty();
        persona("", 1_500);
        assertThat(said()).isEqualTo("Hello.");
    }

    @Test
    void interruptsAfterSoManyWords() {
        call("[{\"do\":\"interrupt\",\"afterWords\":3,\"text\":\"Stop.\"}]");
        persona("One two three four five six seven eight nine ten.", 0);
        persona("", 2_000);
        assertThat(said()).isEqualTo("Stop.");
        assertThat(journal.read(new JournalQuery("phone", "CA1", "interrupted", 0, 10))
                        .get(0)
                        .detail())
                .containsEntry("words", 3)
                .containsEntry("heardSoFar", "One two three")
                .containsEntry("personaSpeaking", true);
    }

    @Test
    void aBackchannelIsNoTurn() {
        call("[{\"do\":\"interrupt\",\"onPhrase\":\"two three\",\"text\":\"Mhm.\",\"backchannel\":true},"
                + "{\"do\":\"listen\"},{\"do\":\"say\",\"text\":\"Now.\"}]");
        persona("One two three four.", 0);
        persona("", 3_000);
        assertThat(said()).isEqualTo("Mhm.Now.");
    }

    @Test
    void answersWhatItHeard() {
        String script = "[{\"do\":\"answer\",\"cases\":[{\"heard\":\"code word\",\"say\":\"Marigold.\"}],"
                + "\"otherwise\":\"What?\"}]";
        call(script);
        persona("What was the Code-Word?", 0);
        persona("", 3_000);
        assertThat(said()).isEqualTo("Marigold.");
    }

    @Test
    void saysSomethingElseWhenItHeardSomethingElse() {
        call("[{\"do\":\"answer\",\"cases\":[{\"heard\":\"code word\",\"say\":\"Marigold.\"}],"
                + "\"otherwise\":\"What?\"}]");
        persona("Nice weather.", 0);
        persona("", 3_000);
        assertThat(said()).isEqualTo("What?");
        assertThat(count("script.otherwise")).isEqualTo(1);
    }

    @Test
    void pressesKeysMakesNoiseWaitsAndHangsUp() {
        call("[{\"do\":\"digits\",\"digits\":\"1#\"},{\"do\":\"noise\",\"millis\":200},"
                + "{\"do\":\"wait\",\"millis\":500},{\"do\":\"hangUp\"}]");
        persona("", 3_000);
        assertThat(line).containsExactly("answer", "key 1", "key #", "hang-up");
        assertThat(said.faults().noiseBytes()).isGreaterThan(1_000);
    }

    @Test
    void givesUpWaitingAndSaysSo() {
        call("[{\"do\":\"listen\",\"timeoutMillis\":1000},{\"do\":\"hangUp\"}]");
        persona("", 2_000);
        assertThat(line).contains("hang-up");
        assertThat(count("script.timeout")).isEqualTo(1);
    }

    @Test
    void aLaterCallGoesOnWithTheScriptIfToldTo() {
        book.configure(NUMBER, new PhoneSettings(PhoneSettings.Behaviour.ANSWER, List.of(), List.of(), true));
        call("[{\"do\":\"say\",\"text\":\"First.\"},{\"do\":\"listen\"},{\"do\":\"say\",\"text\":\"Second.\"}]");
        persona("", 1_500);
        handset.ended("completed");
        begin();
        persona("Sorry, we were cut off.", 0);
        persona("", 2_500);
        assertThat(said()).isEqualTo("First.Second.");
    }

    @Test
    void repeatsAreWrittenOut() {
        call("[{\"do\":\"repeat\",\"times\":2,\"steps\":[{\"do\":\"say\",\"text\":\"Ho.\"}]}]");
        persona("", 2_000);
        assertThat(said()).isEqualTo("Ho.Ho.");
    }

    @Test
    void measuresHowLongThePersonaTookToRespond() {
        call("[{\"do\":\"say\",\"text\":\"Hi.\"}]");
        persona("", (SpeechCodec.durationMillis("Hi.") + 400));
        persona("Hello.", 0);
        persona("", 1_000);
        assertThat((Long) journal.read(new JournalQuery("phone", "CA1", "response", 0, 10))
                        .get(0)
                        .detail()
                        .get("gapMillis"))
                .isBetween(360L, 420L);
    }
}
