package ai.callmeback.dev.chaos;

import java.util.List;
import java.util.stream.Stream;

/**
 * What differs between a call and our account of it.
 *
 * @param lost in words, one line a turn
 * @param repeated in words, one line a turn
 * @param wordErrors words of the persona that only one side has
 * @param unknownAtDeath words the phone heard that nobody was left to write down
 */
record TurnFindings(List<String> lost, List<String> repeated, int wordErrors, int unknownAtDeath) {
    TurnFindings and(TurnFindings other) {
        return new TurnFindings(
                Stream.concat(lost.stream(), other.lost.stream()).toList(),
                Stream.concat(repeated.stream(), other.repeated.stream()).toList(),
                wordErrors + other.wordErrors,
                unknownAtDeath + other.unknownAtDeath);
    }
}
