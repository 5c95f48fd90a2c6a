package ai.callmeback.dev.chaos.money;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of the money of a run.
 *
 * @param duplicateGrants grants beyond one for each payment the vendor took
 * @param lostGrants payments the vendor took that brought none
 * @param differences between our books and the vendors' journals, in words
 * @param differenceMicros their sum, each without its sign
 * @param unfinished what did not come to its end
 * @param violations of the ledger's audit
 */
public record MoneyReport(
        int kills,
        int purchases,
        int calls,
        List<String> duplicateGrants,
        List<String> lostGrants,
        long unresolvedHolds,
        List<String> differences,
        long differenceMicros,
        List<String> unfinished,
        List<String> violations) {

    public boolean ok() {
        return findings().isEmpty() && unresolvedHolds == 0;
    }

    public List<String> findings() {
        return java.util.stream.Stream.of(duplicateGrants, lostGrants, differences, unfinished, violations)
                .flatMap(List::stream)
                .toList();
    }

    /** The JSON object of the command. */
    public Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("kills", kills);
        figures.put("purchases", purchases);
        figures.put("calls", calls);
        figures.put("duplicateGrants", duplicateGrants.size());
        figures.put("lostGrants", lostGrants.size());
        figures.put("unresolvedHolds", unresolvedHolds);
        figures.put("differencesFromJournals", differences.size());
        figures.put("differenceUsdMicros", differenceMicros);
        figures.put("auditOk", violations.isEmpty());
        return figures;
    }
}
