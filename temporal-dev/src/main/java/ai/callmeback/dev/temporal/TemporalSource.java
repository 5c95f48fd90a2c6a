package ai.callmeback.dev.temporal;

import java.nio.file.Path;

/** Where a Temporal server comes from; the rung of the ladder that held. */
public sealed interface TemporalSource {

    /** One sentence for the banner and the test output. */
    String describe();

    /** Somebody runs it already. */
    record Running(String target) implements TemporalSource {
        @Override
        public String describe() {
            return "the server at " + target + " (TEMPORAL_ADDRESS)";
        }
    }

    /** A {@code temporal} program to start. */
    record Cli(Path program, CliVersion version, Rung rung) implements TemporalSource {
        @Override
        public String describe() {
            return "Temporal server " + version.server() + " by CLI " + version.cli() + " (" + rung.words() + ")";
        }
    }

    /** The last resort: nothing survives a restart, and there is no web UI. */
    record InJvm() implements TemporalSource {
        @Override
        public String describe() {
            return "the in-JVM test server (volatile, no UI)";
        }
    }

    /** How a program was come by. */
    enum Rung {
        PATH("found on the PATH"),
        CACHED("cached by an earlier run"),
        DOWNLOADED("downloaded"),
        BUILT("built with Go");

        private final String words;

        Rung(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }
}
