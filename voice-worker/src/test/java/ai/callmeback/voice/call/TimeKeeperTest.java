package ai.callmeback.voice.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a talk hears that its time is short, by its length. */
class TimeKeeperTest {
    private final VirtualTime time = new VirtualTime();
    private final List<String> told = new ArrayList<>();
    private final TimeKeeper keeper = new TimeKeeper(time.loop(), new TimeKeeper.Listener() {
        @Override
        public void onTimeIsShort(int secondsLeft) {
            tell(secondsLeft + " left");
        }

        @Override
        public void onTimeForFarewell() {
            tell("farewell");
        }

        @Override
        public void onLastWords() {
            tell("last words");
        }

        @Override
        public void onHardStop() {
            tell("stop");
        }
    });

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            900 | 0   | 780 120 left, 870 30 left, 888 farewell, 892 last words, 900 stop
            300 | 0   | 180 120 left, 270 30 left, 288 farewell, 292 last words, 300 stop
            180 | 0   | 120 60 left, 150 30 left, 168 farewell, 172 last words, 180 stop
            60  | 0   | 30 30 left, 48 farewell, 52 last words, 60 stop
            300 | 200 | 70 30 left, 88 farewell, 92 last words, 100 stop
            """)
    void warningsDependOnTheLengthOfTheTalkAndThoseThatAreOverAreNotGiven(int allowed, int talked, String expected) {
        keeper.start(allowed, talked);
        time.pass(TimeUnit.SECONDS.toMillis(allowed));
        assertThat(String.join(", ", told)).isEqualTo(expected);
    }

    /** A short talk that grows is a long one. */
    @Test
    void anExtensionStartsOverWithTheTimeThereIsThen() {
        keeper.start(180, 0);
        time.pass(TimeUnit.SECONDS.toMillis(130));
        told.clear();
        keeper.start(480, 130);
        time.pass(TimeUnit.SECONDS.toMillis(480));
        assertThat(told).containsExactly("360 120 left", "450 30 left", "468 farewell", "472 last words", "480 stop");
    }

    private void tell(String what) {
        told.add(TimeUnit.MILLISECONDS.toSeconds(time.millis()) + " " + what);
    }
}
