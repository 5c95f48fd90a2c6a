package ai.callmeback.vendors.settings;

import java.util.List;
import java.util.stream.Collectors;

/** The platform must not start with these settings. */
public final class InvalidSettingsException extends RuntimeException {

    private final List<SettingsProblem> problems;

    public InvalidSettingsException(List<SettingsProblem> problems) {
        super(problems.stream().map(SettingsProblem::toString).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    public List<SettingsProblem> problems() {
        return problems;
    }
}
