package ai.callmeback.simulators.phone;

import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.Resettable;
import ai.callmeback.simulators.core.SimTime;
import ai.callmeback.simulators.phone.PhoneSettings.Behaviour;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Every telephone there is. A number that nobody configured has a phone as well: it behaves as the default says. On the
 * simulators' thread, but for {@link #reset()}.
 */
public final class PhoneBook implements Resettable {
    /** Bound on phones; the ones called longest ago make room. */
    private static final int MAX_PHONES = 20_000;

    private static final int MAX_SCRIPTS = 1_000;

    private final Journal journal;
    private final SimTime time;
    private final RandomGenerator random;
    private final Map<String, Phone> phones = new LinkedHashMap<>();
    private final Map<String, List<Step>> scripts = new TreeMap<>();
    private PhoneSettings defaults;

    public PhoneBook(Journal journal, SimTime time, RandomGenerator random) {
        this.journal = journal;
        this.time = time;
        this.random = random;
        Scripts.builtIn().forEach(this::putScript);
        defaults = settingsOf(Scripts.CHAT);
        addDemoPhones();
    }

    private void addDemoPhones() {
        configure(Scripts.DEMO_IMMEDIATE_NUMBER, settingsOf(Scripts.DEMO_IMMEDIATE));
        configure(Scripts.DEMO_SCHEDULED_NUMBER, settingsOf(Scripts.DEMO_SCHEDULED));
    }

    private PhoneSettings settingsOf(String scriptName) {
        return new PhoneSettings(Behaviour.ANSWER, List.of(), script(scriptName).orElseThrow(), false);
    }

    /** A call for {@code number} arrives; the exchange drives the handset that it gets. */
    public Handset incoming(String number, Line line) {
        return phone(number).incoming(line);
    }

    /** The phone {@code number} rings somebody itself; fails if it is on a call. */
    public Handset outgoing(String number, Line line) {
        return phone(number).outgoing(line);
    }

    Phone phone(String number) {
        Phone phone = phones.get(number);
        if (phone == null) {
            phone = new Phone(number, defaults, journal, time, random);
            makeRoom();
            phones.put(number, phone);
        }
        return phone;
    }

    private void makeRoom() {
        if (phones.size() < MAX_PHONES) {
            return;
        }
        for (Phone candidate : List.copyOf(phones.values())) {
            if (candidate.current().isEmpty()) {
                phones.remove(candidate.number());
                return;
            }
        }
        throw new IllegalStateException("all of " + MAX_PHONES + " phones are on a call");
    }

    Optional<Phone> existing(String number) {
        return Optional.ofNullable(phones.get(number));
    }

    Collection<Phone> phones() {
        return new ArrayList<>(phones.values());
    }

    void configure(String number, PhoneSettings settings) {
        phone(number).configure(settings);
    }

    PhoneSettings defaults() {
        return defaults;
    }

    /** How phones behave that are created from now on, and those without settings of their own. */
    void configureDefault(PhoneSettings settings) {
        defaults = settings;
        phones.values().forEach(phone -> phone.followDefault(settings));
    }

    Map<String, List<Step>> scripts() {
        return scripts;
    }

    Optional<List<Step>> script(@Nullable String name) {
        return name == null ? Optional.empty() : Optional.ofNullable(scripts.get(name));
    }

    void putScript(String name, List<Step> steps) {
        if (scripts.size() >= MAX_SCRIPTS && !scripts.containsKey(name)) {
            throw new IllegalStateException("more than " + MAX_SCRIPTS + " scripts");
        }
        scripts.put(name, Script.flatten(steps));
    }

    /** Forgets all phones but the demo's; calls that go on are ended by the exchange's own reset. */
    @Override
    public void reset() {
        time.execute(() -> {
            phones.clear();
            scripts.clear();
            Scripts.builtIn().forEach(this::putScript);
            defaults = settingsOf(Scripts.CHAT);
            addDemoPhones();
        });
    }
}
