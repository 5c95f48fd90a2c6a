package ai.callmeback.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.r2dbc.postgresql.client.SSLMode;
import org.junit.jupiter.api.Test;

class DatabaseSettingsTest {

    @Test
    void readsEveryPartOfTheUrl() {
        DatabaseSettings settings =
                DatabaseSettings.parse("postgresql://cmb:p%40ss+word@db.example.com:6432/calls?sslmode=require");

        assertThat(settings.host()).isEqualTo("db.example.com");
        assertThat(settings.port()).isEqualTo(6432);
        assertThat(settings.database()).isEqualTo("calls");
        assertThat(settings.user()).isEqualTo("cmb");
        assertThat(settings.password()).isEqualTo("p@ss+word");
        assertThat(settings.sslMode()).isEqualTo(SSLMode.REQUIRE);
        assertThat(settings.jdbcUrl()).isEqualTo("jdbc:postgresql://db.example.com:6432/calls?sslmode=require");
    }

    @Test
    void fillsInTheUsualPortAndNoTls() {
        DatabaseSettings settings = DatabaseSettings.parse("postgres://u:p@127.0.0.1/d");

        assertThat(settings.port()).isEqualTo(5432);
        assertThat(settings.sslMode()).isEqualTo(SSLMode.DISABLE);
    }

    @Test
    void neverShowsThePassword() {
        assertThat(DatabaseSettings.parse("postgres://u:hunter2@h/d").toString())
                .doesNotContain("hunter2");
        assertThatThrownBy(() -> DatabaseSettings.parse("postgres://u:hunter 2^@h/d"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("hunter")
                .hasNoCause();
    }

    @Test
    void saysWhichPartIsMissing() {
        assertThatThrownBy(() -> DatabaseSettings.parse("mysql://u:p@h/d")).hasMessageContaining("mysql://");
        assertThatThrownBy(() -> DatabaseSettings.parse("postgres://u:p@h")).hasMessageContaining("database name");
        assertThatThrownBy(() -> DatabaseSettings.parse("postgres://h/d")).hasMessageContaining("user");
    }
}
