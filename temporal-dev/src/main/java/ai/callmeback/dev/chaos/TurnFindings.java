package ai.callmeback.dev.chaos;

import java.util.List;
import java.util.stream.Stream;

/**
 * What differs between a call and our account of it.
 *
 * @param lost in words, one line a turn
 * @param repeated in words, one line a turn
 * @param differences words of the persona that only one side has, one line a word
 * @param unknownAtDeath words the phone heard that nobody was left to write down
 */
record TurnFindings(List<String> lost, List<String> repeated, List<String> differences, int unknownAtDeath) {
    TurnFindings and(TurnFindings other) {
        return new TurnFindings(
                Stream.concat(lost.stream(), other.lost.stream()).toList(),
                Stream.concat(repeated.stream(), other.repeated.stream()).toList(),
                Stream.concat(differences.stream(), other.differences.stream()).toList(),
                unknownAtDeath + other.unknownAtDeath);
    }
}
