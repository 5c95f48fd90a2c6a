package ai.callmeback.vendors.settings;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Binds the settings and refuses to start with wrong ones. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({PlatformSettings.class, VendorSettings.class})
public class SettingsConfiguration {

    private static final Logger log = LoggerFactory.getLogger(SettingsConfiguration.class);

    @Bean
    InitializingBean settingsCheck(PlatformSettings platform, VendorSettings vendors) {
        return () -> {
            List<SettingsProblem> problems = SettingsCheck.problems(platform, vendors);
            List<SettingsProblem> fatal =
                    problems.stream().filter(SettingsProblem::fatal).toList();
            if (!fatal.isEmpty()) {
                throw new InvalidSettingsException(fatal);
            }
            problems.forEach(problem -> log.warn("settings: {}", problem));
        };
    }
}
