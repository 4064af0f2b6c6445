import crm.migrating
import datetime
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
import pgtrigger.compiler
import staff.models.venues
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('staff', '0001_initial'),
        ('staff', '0002_quiet_hours'),
        ('staff', '0003_api_keys'),
    ]

    initial = True

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        crm.migrating.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Venue',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=120, verbose_name='name')),
                        ('slug', models.SlugField(unique=True, verbose_name='short name in addresses')),
                        ('industry', models.CharField(choices=[('hotel', 'Hotel'), ('restaurant', 'Restaurant'), ('cafe', 'Café'), ('salon', 'Salon'), ('clinic', 'Clinic'), ('retail', 'Shop'), ('advisory', 'Advisers')], max_length=20, verbose_name='industry')),
                        ('time_zone', models.CharField(max_length=64, validators=[staff.models.venues.check_time_zone], verbose_name='time zone')),
                        ('language', models.CharField(choices=[('en', 'English'), ('zh-hans', 'Simplified Chinese')], default='en', max_length=10, verbose_name='language')),
                        ('country', models.CharField(help_text="Two letters, such as GB. Phone numbers without a country code are read as this country's.", max_length=2, verbose_name='country')),
                        ('currency', models.CharField(default='EUR', max_length=3, verbose_name='currency')),
                        ('business_day_starts', models.TimeField(default='04:00', verbose_name='business day starts')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                    ],
                    options={
                        'verbose_name': 'venue',
                        'verbose_name_plural': 'venues',
                        'ordering': ['name'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='venue_name_given'), models.CheckConstraint(condition=models.Q(('industry__in', ['hotel', 'restaurant', 'cafe', 'salon', 'clinic', 'retail', 'advisory'])), name='venue_industry_known'), models.CheckConstraint(condition=models.Q(('language__in', ['en', 'zh-hans'])), name='venue_language_known'), models.CheckConstraint(condition=django.db.models.lookups.IsNull(models.Func(models.F('time_zone'), models.Value(datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), function='timezone', output_field=models.DateTimeField()), rhs=False), name='venue_time_zone_exists'), models.CheckConstraint(condition=models.Q(('country__regex', '^[A-Z]{2}$')), name='venue_country_two_letters'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='venue_currency_three_letters')],
                        'triggers': [pgtrigger.compiler.Trigger(name='before_update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staff_venueevent" ("business_day_starts", "closed_at", "country", "currency", "id", "industry", "language", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "time_zone") VALUES (OLD."business_day_starts", OLD."closed_at", OLD."country", OLD."currency", OLD."id", OLD."industry", OLD."language", OLD."name", _pgh_attach_context(), NOW(), \'before_update\', OLD."id", OLD."slug", OLD."time_zone"); RETURN NULL;', hash='8b3ec5e2fd381fdbdcb27ebe480aba0e7f88ee67', operation='UPDATE', pgid='pgtrigger_before_update_update_25bea', table='staff_venue', when='AFTER')), pgtrigger.compiler.Trigger(name='before_delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staff_venueevent" ("business_day_starts", "closed_at", "country", "currency", "id", "industry", "language", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "time_zone") VALUES (OLD."business_day_starts", OLD."closed_at", OLD."country", OLD."currency", OLD."id", OLD."industry", OLD."language", OLD."name", _pgh_attach_context(), NOW(), \'before_delete\', OLD."id", OLD."slug", OLD."time_zone"); RETURN NULL;', hash='be24d2566ea996d0eb2ab923797f66a9cbccb912', operation='DELETE', pgid='pgtrigger_before_delete_delete_ab9b3', table='staff_venue', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='VenueEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('name', models.CharField(max_length=120, verbose_name='name')),
                        ('slug', models.SlugField(db_index=False, verbose_name='short name in addresses')),
                        ('industry', models.CharField(choices=[('hotel', 'Hotel'), ('restaurant', 'Restaurant'), ('cafe', 'Café'), ('salon', 'Salon'), ('clinic', 'Clinic'), ('retail', 'Shop'), ('advisory', 'Advisers')], max_length=20, verbose_name='industry')),
                        ('time_zone', models.CharField(max_length=64, validators=[staff.models.venues.check_time_zone], verbose_name='time zone')),
                        ('language', models.CharField(choices=[('en', 'English'), ('zh-hans', 'Simplified Chinese')], default='en', max_length=10, verbose_name='language')),
                        ('country', models.CharField(help_text="Two letters, such as GB. Phone numbers without a country code are read as this country's.", max_length=2, verbose_name='country')),
                        ('currency', models.CharField(default='EUR', max_length=3, verbose_name='currency')),
                        ('business_day_starts', models.TimeField(default='04:00', verbose_name='business day starts')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staff.venue')),
                    ],
                    options={
                        'abstract': False,
                        'indexes': [models.Index(fields=['-pgh_created_at', '-pgh_id'], name='staff_venue_pgh_cre_398f32_idx')],
                    },
                ),
                migrations.CreateModel(
                    name='Staff',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                        ('display_name', models.CharField(help_text='What colleagues and customers call them.', max_length=80, verbose_name='name')),
                        ('badge_number', models.CharField(blank=True, max_length=20, verbose_name='badge number')),
                        ('language', models.CharField(choices=[('en', 'English'), ('zh-hans', 'Simplified Chinese')], default='en', max_length=10, verbose_name='language')),
                        ('is_active', models.BooleanField(default=True, verbose_name='works here')),
                        ('pin_hash', models.CharField(blank=True, max_length=128)),
                        ('pin_failures', models.PositiveSmallIntegerField(default=0)),
                        ('pin_locked_until', models.DateTimeField(blank=True, null=True)),
                        ('joined_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('last_venue', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='staff.venue')),
                        ('quiet_from', models.TimeField(blank=True, help_text='On the clock of the venue. What falls due meanwhile is e-mailed afterwards.', null=True, verbose_name='no e-mail from')),
                        ('quiet_until', models.TimeField(blank=True, null=True, verbose_name='until')),
                    ],
                    options={
                        'verbose_name': 'member of staff',
                        'verbose_name_plural': 'staff',
                        'ordering': ['display_name', 'id'],
                        'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='staff_email_once'), models.UniqueConstraint(condition=models.Q(('badge_number', ''), _negated=True), fields=('badge_number',), name='staff_badge_once'), models.CheckConstraint(condition=models.Q(('display_name', ''), _negated=True), name='staff_name_given'), models.CheckConstraint(condition=models.Q(('language__in', ['en', 'zh-hans'])), name='staff_language_known'), models.CheckConstraint(condition=models.Q(models.Q(('quiet_from', None), ('quiet_until', None)), models.Q(('quiet_from__isnull', False), ('quiet_until__isnull', False), models.Q(('quiet_from', models.F('quiet_until')), _negated=True)), _connector='OR'), name='staff_quiet_hours_whole')],
                        'triggers': [pgtrigger.compiler.Trigger(name='venue_keeps_an_owner', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT NEW."is_active" AND OLD."is_active")', func="\n    PERFORM 1 FROM staff_venue\n    WHERE id IN (\n        SELECT venue_id FROM staff_membership\n        WHERE staff_id = OLD.id AND role = 'owner' AND ended_at IS NULL\n    )\n    ORDER BY id FOR NO KEY UPDATE;\n    IF EXISTS (\n        SELECT FROM staff_membership mine\n        WHERE mine.staff_id = OLD.id AND mine.role = 'owner' AND mine.ended_at IS NULL\n          AND NOT EXISTS (\n            SELECT FROM staff_membership held JOIN staff_staff person ON person.id = held.staff_id\n            WHERE held.venue_id = mine.venue_id AND held.role = 'owner' AND held.ended_at IS NULL\n              AND person.is_active\n          )\n    ) THEN\n        RAISE EXCEPTION 'the last owner of a venue stays'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'venue_keeps_an_owner';\n    END IF;\n    RETURN NULL;\n    ", hash='c4b9790a954c4bfe61be1a4268861f668aa45995', operation='UPDATE OF "is_active"', pgid='pgtrigger_venue_keeps_an_owner_951e5', table='staff_staff', when='AFTER')), pgtrigger.compiler.Trigger(name='before_update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."badge_number" IS DISTINCT FROM (NEW."badge_number") OR OLD."display_name" IS DISTINCT FROM (NEW."display_name") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."joined_at" IS DISTINCT FROM (NEW."joined_at") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."password" IS DISTINCT FROM (NEW."password") OR OLD."pin_hash" IS DISTINCT FROM (NEW."pin_hash") OR OLD."quiet_from" IS DISTINCT FROM (NEW."quiet_from") OR OLD."quiet_until" IS DISTINCT FROM (NEW."quiet_until"))', func='INSERT INTO "staff_staffevent" ("badge_number", "display_name", "email", "id", "is_active", "joined_at", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quiet_from", "quiet_until") VALUES (OLD."badge_number", OLD."display_name", OLD."email", OLD."id", OLD."is_active", OLD."joined_at", OLD."language", _pgh_attach_context(), NOW(), \'before_update\', OLD."id", OLD."quiet_from", OLD."quiet_until"); RETURN NULL;', hash='904983a492870942257ac76d32f45405f7e87e4d', operation='UPDATE', pgid='pgtrigger_before_update_update_d07c6', table='staff_staff', when='AFTER')), pgtrigger.compiler.Trigger(name='before_delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staff_staffevent" ("badge_number", "display_name", "email", "id", "is_active", "joined_at", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quiet_from", "quiet_until") VALUES (OLD."badge_number", OLD."display_name", OLD."email", OLD."id", OLD."is_active", OLD."joined_at", OLD."language", _pgh_attach_context(), NOW(), \'before_delete\', OLD."id", OLD."quiet_from", OLD."quiet_until"); RETURN NULL;', hash='acff56bb9bfc3f45652b8250a97cdf4f68a57331', operation='DELETE', pgid='pgtrigger_before_delete_delete_33e2b', table='staff_staff', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='StaffEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                        ('display_name', models.CharField(help_text='What colleagues and customers call them.', max_length=80, verbose_name='name')),
                        ('badge_number', models.CharField(blank=True, max_length=20, verbose_name='badge number')),
                        ('language', models.CharField(choices=[('en', 'English'), ('zh-hans', 'Simplified Chinese')], default='en', max_length=10, verbose_name='language')),
                        ('is_active', models.BooleanField(default=True, verbose_name='works here')),
                        ('joined_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to=settings.AUTH_USER_MODEL)),
                        ('quiet_from', models.TimeField(blank=True, help_text='On the clock of the venue. What falls due meanwhile is e-mailed afterwards.', null=True, verbose_name='no e-mail from')),
                        ('quiet_until', models.TimeField(blank=True, null=True, verbose_name='until')),
                    ],
                    options={
                        'abstract': False,
                        'indexes': [models.Index(fields=['-pgh_created_at', '-pgh_id'], name='staff_staff_pgh_cre_a04fa1_idx')],
                    },
                ),
                migrations.CreateModel(
                    name='Shift',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=60, verbose_name='name')),
                        ('starts', models.TimeField(verbose_name='starts')),
                        ('ends', models.TimeField(verbose_name='ends')),
                        ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), help_text='0 is Monday, 6 is Sunday.', size=None, verbose_name='weekdays')),
                        ('venue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shifts', to='staff.venue', verbose_name='venue')),
                    ],
                    options={
                        'verbose_name': 'shift',
                        'verbose_name_plural': 'shifts',
                        'ordering': ['venue', 'starts', 'id'],
                        'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), models.F('venue'), name='shift_name_once_a_venue'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='shift_named'), models.CheckConstraint(condition=models.Q(('starts', models.F('ends')), _negated=True), name='shift_takes_time'), models.CheckConstraint(condition=models.Q(('weekdays__len__gt', 0)), name='shift_has_weekdays'), models.CheckConstraint(condition=models.Q(('weekdays__contained_by', [0, 1, 2, 3, 4, 5, 6])), name='shift_weekdays_real')],
                        'triggers': [pgtrigger.compiler.Trigger(name='before_update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staff_shiftevent" ("ends", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts", "venue_id", "weekdays") VALUES (OLD."ends", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'before_update\', OLD."id", OLD."starts", OLD."venue_id", OLD."weekdays"); RETURN NULL;', hash='8efb7596ddab2ded18e24641eaf85d8796e846ae', operation='UPDATE', pgid='pgtrigger_before_update_update_06276', table='staff_shift', when='AFTER')), pgtrigger.compiler.Trigger(name='before_delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staff_shiftevent" ("ends", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts", "venue_id", "weekdays") VALUES (OLD."ends", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'before_delete\', OLD."id", OLD."starts", OLD."venue_id", OLD."weekdays"); RETURN NULL;', hash='c1c16650992a37cee8621ae3d299a5b1ae717e6c', operation='DELETE', pgid='pgtrigger_before_delete_delete_eba48', table='staff_shift', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='ShiftEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('name', models.CharField(max_length=60, verbose_name='name')),
                        ('starts', models.TimeField(verbose_name='starts')),
                        ('ends', models.TimeField(verbose_name='ends')),
                        ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), help_text='0 is Monday, 6 is Sunday.', size=None, verbose_name='weekdays')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staff.shift')),
                        ('venue', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staff.venue', verbose_name='venue')),
                    ],
                    options={
                        'abstract': False,
                        'indexes': [models.Index(fields=['-pgh_created_at', '-pgh_id'], name='staff_shift_pgh_cre_dd074b_idx')],
                    },
                ),
                migrations.CreateModel(
                    name='Membership',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('role', models.CharField(choices=[('front_desk', 'Front desk'), ('concierge', 'Concierge'), ('manager', 'Manager'), ('owner', 'Owner')], max_length=20, verbose_name='role')),
                        ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                        ('venue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='staff.venue', verbose_name='venue')),
                    ],
                    options={
                        'verbose_name': 'role at a venue',
                        'ordering': ['venue__name', 'staff__display_name', 'id'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('staff', 'venue'), name='membership_once_a_venue'), models.CheckConstraint(condition=models.Q(('role__in', ['front_desk', 'concierge', 'manager', 'owner'])), name='membership_role_known'), models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='membership_ends_after_start')],
                        'triggers': [pgtrigger.compiler.Trigger(name='venue_keeps_an_owner', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."ended_at" IS NULL AND OLD."role" = \'owner\')', func="\n    IF TG_OP = 'UPDATE' THEN\n        IF NEW.role = 'owner' AND NEW.ended_at IS NULL\n           AND NEW.venue_id = OLD.venue_id AND NEW.staff_id = OLD.staff_id THEN\n            RETURN NULL;\n        END IF;\n    END IF;\n    PERFORM 1 FROM staff_venue WHERE id = OLD.venue_id FOR NO KEY UPDATE;\n    IF NOT EXISTS (\n        SELECT FROM staff_membership held JOIN staff_staff person ON person.id = held.staff_id\n        WHERE held.venue_id = OLD.venue_id AND held.role = 'owner' AND held.ended_at IS NULL\n          AND person.is_active\n    ) THEN\n        RAISE EXCEPTION 'the last owner of a venue stays'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'venue_keeps_an_owner';\n    END IF;\n    RETURN NULL;\n    ", hash='e5309f65e14c233111844c45af8b4eb6695d3a26', operation='UPDATE OR DELETE', pgid='pgtrigger_venue_keeps_an_owner_bb228', table='staff_membership', when='AFTER')), pgtrigger.compiler.Trigger(name='before_update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staff_membershipevent" ("ended_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "staff_id", "started_at", "venue_id") VALUES (OLD."ended_at", OLD."id", _pgh_attach_context(), NOW(), \'before_update\', OLD."id", OLD."role", OLD."staff_id", OLD."started_at", OLD."venue_id"); RETURN NULL;', hash='5913ff036db5d0b6f1cbfd91a1700415b8c73e16', operation='UPDATE', pgid='pgtrigger_before_update_update_0bb5a', table='staff_membership', when='AFTER')), pgtrigger.compiler.Trigger(name='before_delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staff_membershipevent" ("ended_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "staff_id", "started_at", "venue_id") VALUES (OLD."ended_at", OLD."id", _pgh_attach_context(), NOW(), \'before_delete\', OLD."id", OLD."role", OLD."staff_id", OLD."started_at", OLD."venue_id"); RETURN NULL;', hash='17e56dff61847ab8958be7fc5a49f93de7eae776', operation='DELETE', pgid='pgtrigger_before_delete_delete_77e9d', table='staff_membership', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='MembershipEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('role', models.CharField(choices=[('front_desk', 'Front desk'), ('concierge', 'Concierge'), ('manager', 'Manager'), ('owner', 'Owner')], max_length=20, verbose_name='role')),
                        ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staff.membership')),
                        ('staff', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                        ('venue', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staff.venue', verbose_name='venue')),
                    ],
                    options={
                        'abstract': False,
                        'indexes': [models.Index(fields=['-pgh_created_at', '-pgh_id'], name='staff_membe_pgh_cre_fd0e14_idx')],
                    },
                ),
                migrations.CreateModel(
                    name='Rota',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('day', models.DateField(verbose_name='day')),
                        ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rota', to=settings.AUTH_USER_MODEL)),
                        ('shift', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rota', to='staff.shift')),
                    ],
                    options={
                        'verbose_name': 'place on the rota',
                        'ordering': ['day', 'shift', 'id'],
                        'constraints': [models.UniqueConstraint(fields=('shift', 'staff', 'day'), name='rota_once')],
                        'triggers': [pgtrigger.compiler.Trigger(name='before_update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staff_rotaevent" ("day", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "shift_id", "staff_id") VALUES (OLD."day", OLD."id", _pgh_attach_context(), NOW(), \'before_update\', OLD."id", OLD."shift_id", OLD."staff_id"); RETURN NULL;', hash='dc100c3ef933f2c783a447703877b84a3dba45cd', operation='UPDATE', pgid='pgtrigger_before_update_update_44582', table='staff_rota', when='AFTER')), pgtrigger.compiler.Trigger(name='before_delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staff_rotaevent" ("day", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "shift_id", "staff_id") VALUES (OLD."day", OLD."id", _pgh_attach_context(), NOW(), \'before_delete\', OLD."id", OLD."shift_id", OLD."staff_id"); RETURN NULL;', hash='90698c988009ee7ba174ca4eb8092ca96970ef88', operation='DELETE', pgid='pgtrigger_before_delete_delete_a913e', table='staff_rota', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='RotaEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('day', models.DateField(verbose_name='day')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staff.rota')),
                        ('staff', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('shift', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staff.shift')),
                    ],
                    options={
                        'abstract': False,
                        'indexes': [models.Index(fields=['-pgh_created_at', '-pgh_id'], name='staff_rotae_pgh_cre_dbc06f_idx')],
                    },
                ),
                migrations.CreateModel(
                    name='Terminal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=60, verbose_name='name')),
                        ('token_hash', models.CharField(max_length=64, unique=True)),
                        ('enrolled_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('last_seen_at', models.DateTimeField(blank=True, null=True)),
                        ('revoked_at', models.DateTimeField(blank=True, null=True)),
                        ('enrolled_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('venue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='terminals', to='staff.venue')),
                    ],
                    options={
                        'verbose_name': 'terminal',
                        'ordering': ['venue', 'name', 'id'],
                        'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), models.F('venue'), condition=models.Q(('revoked_at', None)), name='terminal_name_once_a_venue'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='terminal_named')],
                        'triggers': [pgtrigger.compiler.Trigger(name='before_update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."enrolled_at" IS DISTINCT FROM (NEW."enrolled_at") OR OLD."enrolled_by_id" IS DISTINCT FROM (NEW."enrolled_by_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."revoked_at" IS DISTINCT FROM (NEW."revoked_at") OR OLD."token_hash" IS DISTINCT FROM (NEW."token_hash") OR OLD."venue_id" IS DISTINCT FROM (NEW."venue_id"))', func='INSERT INTO "staff_terminalevent" ("enrolled_at", "enrolled_by_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "venue_id") VALUES (OLD."enrolled_at", OLD."enrolled_by_id", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'before_update\', OLD."id", OLD."revoked_at", OLD."venue_id"); RETURN NULL;', hash='6c18fe27b98616f65081323af748da8ec8db8050', operation='UPDATE', pgid='pgtrigger_before_update_update_9cfd5', table='staff_terminal', when='AFTER')), pgtrigger.compiler.Trigger(name='before_delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staff_terminalevent" ("enrolled_at", "enrolled_by_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "venue_id") VALUES (OLD."enrolled_at", OLD."enrolled_by_id", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'before_delete\', OLD."id", OLD."revoked_at", OLD."venue_id"); RETURN NULL;', hash='41fa52ab01b062c9776c97afa7c52c9028b4c8f0', operation='DELETE', pgid='pgtrigger_before_delete_delete_4365b', table='staff_terminal', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='TerminalEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('name', models.CharField(max_length=60, verbose_name='name')),
                        ('enrolled_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('revoked_at', models.DateTimeField(blank=True, null=True)),
                        ('enrolled_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staff.terminal')),
                        ('venue', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staff.venue')),
                    ],
                    options={
                        'abstract': False,
                        'indexes': [models.Index(fields=['-pgh_created_at', '-pgh_id'], name='staff_termi_pgh_cre_8d5658_idx')],
                    },
                ),
                migrations.CreateModel(
                    name='AccessLog',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('action', models.CharField(choices=[('opened', 'opened'), ('found', 'opened from a search'), ('exported', 'exported'), ('revealed', 'revealed'), ('printed', 'printed')], max_length=10)),
                        ('subject', models.CharField(max_length=40)),
                        ('subject_id', models.BigIntegerField(null=True)),
                        ('detail', models.CharField(blank=True, max_length=200)),
                        ('address', models.GenericIPAddressField(null=True)),
                        ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('terminal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.terminal')),
                        ('venue', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.venue')),
                    ],
                    options={
                        'ordering': ['-at', '-id'],
                        'indexes': [models.Index(fields=['subject', 'subject_id', '-at'], name='access_subject'), models.Index(fields=['staff', '-at'], name='access_staff'), models.Index(fields=['-at', '-id'], name='access_newest')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('subject', ''), _negated=True), name='access_subject_given'), models.CheckConstraint(condition=models.Q(('action__in', ['opened', 'found', 'exported', 'revealed', 'printed'])), name='access_action_known')],
                        'triggers': [pgtrigger.compiler.Trigger(name='only_added', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5c0790691e0d7f88d9d2a91631165a2efa49a27e', operation='UPDATE OR DELETE', pgid='pgtrigger_only_added_eeb40', table='staff_accesslog', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='ApiKey',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=60, verbose_name='name')),
                        ('token_hash', models.CharField(max_length=64, unique=True)),
                        ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('revoked_at', models.DateTimeField(blank=True, null=True)),
                        ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_keys', to='staff.membership')),
                    ],
                    options={
                        'verbose_name': 'key of another program',
                        'ordering': ['membership', 'name', 'id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='api_key_named'), models.CheckConstraint(condition=models.Q(('revoked_at', None), ('revoked_at__gte', models.F('made_at')), _connector='OR'), name='api_key_revoked_after_made')],
                        'triggers': [pgtrigger.compiler.Trigger(name='before_update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staff_apikeyevent" ("id", "made_at", "membership_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at") VALUES (OLD."id", OLD."made_at", OLD."membership_id", OLD."name", _pgh_attach_context(), NOW(), \'before_update\', OLD."id", OLD."revoked_at"); RETURN NULL;', hash='6bb61ef204bcd74d88ec6a4c3c23d505a7ef576a', operation='UPDATE', pgid='pgtrigger_before_update_update_4d3c3', table='staff_apikey', when='AFTER')), pgtrigger.compiler.Trigger(name='before_delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staff_apikeyevent" ("id", "made_at", "membership_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at") VALUES (OLD."id", OLD."made_at", OLD."membership_id", OLD."name", _pgh_attach_context(), NOW(), \'before_delete\', OLD."id", OLD."revoked_at"); RETURN NULL;', hash='34c584dc67f84fbcecdae7b57aa20422b66426a8', operation='DELETE', pgid='pgtrigger_before_delete_delete_dc2e9', table='staff_apikey', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='ApiKeyEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('name', models.CharField(max_length=60, verbose_name='name')),
                        ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('revoked_at', models.DateTimeField(blank=True, null=True)),
                        ('membership', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='staff.membership')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staff.apikey')),
                    ],
                    options={
                        'abstract': False,
                        'indexes': [models.Index(fields=['-pgh_created_at', '-pgh_id'], name='staff_apike_pgh_cre_d0db07_idx')],
                    },
                ),
            ],
        ),
    ]
