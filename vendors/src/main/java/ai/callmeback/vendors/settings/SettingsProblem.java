package ai.callmeback.vendors.settings;

/**
 * One thing wrong with the settings.
 *
 * @param variable environment name
 * @param problem what is wrong; never holds the value of a secret
 * @param remedy what to do about it
 * @param fatal whether the platform must not start with it
 */
public record SettingsProblem(String variable, String problem, String remedy, boolean fatal) {

    @Override
    public String toString() {
        return variable + " " + problem + ": " + remedy;
    }
}
